"""What a treasurer finds first: sentences with one button each, the boxes, the gauge."""
