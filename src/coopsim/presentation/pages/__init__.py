"""Pages of HTML: fragments made once, for a report to mail and for a page that answers."""
