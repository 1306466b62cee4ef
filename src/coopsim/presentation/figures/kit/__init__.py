"""What every figure is made with: sheets, labels, fonts, styles, the axis of time."""
