"""Holds the words of both languages for every stored word: one table for refusals, files and lists."""
