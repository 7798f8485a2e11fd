"""Passwords that are tried first by whoever guesses: common ones, keyboard walks, one's own name.

`common.txt` holds the passwords of five characters and more, in small letters, that two projects
have published as the most common ones, and a few of Vietnam and Russia: the list of Django 5.2
(BSD licence, collected by Royce Williams) and that of zxcvbn 4.5 (MIT licence, of Dropbox and
Daniel Wolf). What stood in leaks often is a fact; both licences allow the copy.
"""
