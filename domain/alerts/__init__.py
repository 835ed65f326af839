"""Decides alerts: the ladder (thang cảnh báo) as data, the steps that are due, their addressees, and the messages."""
