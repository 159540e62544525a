"""Files of old office programs (doc, xls, ppt and WPS's wps, et, dps, which are the same inside) and of rtf."""
