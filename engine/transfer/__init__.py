"""Records in and out as files: tables of cells, what their columns mean, importing, exporting."""
