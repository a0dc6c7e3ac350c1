"""The rules of Banzhang: values in, values out; no I/O, no clock, no chance."""
