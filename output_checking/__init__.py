"""The outputs room: release requests, disclosure checks, independent review, release.

A package of its own: it imports tre.kernel and tre.plumbing only and meets the other rooms through ports.py. It must never
let a byte leave that was not checked, nor release anything that two output checkers did not approve.
"""
