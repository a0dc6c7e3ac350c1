"""The pages, and the only owner of the web server: the local room's chat in the browser."""
