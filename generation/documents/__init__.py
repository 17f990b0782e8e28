"""Documents as text: read by kind, cut into passages, and searched for what somebody quotes. Pure.

All offsets are code points of the document's text, which is made once and never changes afterwards.
"""
