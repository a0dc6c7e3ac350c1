-- The community that what somebody writes in private is for, where they are in several and said which.
CREATE TABLE meant (
    account INT8 NOT NULL PRIMARY KEY REFERENCES account (id),
    community INT8 NOT NULL REFERENCES community (id)
);
