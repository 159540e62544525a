"""Files of old office programs (doc, xls, ppt; WPS's wps, et, dps, which have the same formats) and rtf."""
