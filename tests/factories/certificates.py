"""Owns small files that are what they say: the shortest whole PDF, PNG and JPEG, and some that only pretend."""

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40 + b"\xff\xd9"
CUT_OFF_PDF = PDF[:20]
SCRIPT = b"<html><script>alert(1)</script></html>"
