-- When a job that was woken in the middle of a run is to begin anew, once that run is over.
ALTER TABLE job ADD COLUMN again_at INT8;
