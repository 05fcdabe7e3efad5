"""For all: the public register of data uses. Shows every project that was decided on, refused and suspended ones too.

Owns what is published of a project, in which form, and nothing else: it has no records of its own. Must never show a
person's name, a reviewer's words, or a count under the threshold.
"""
