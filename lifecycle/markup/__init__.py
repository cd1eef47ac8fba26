"""Documents as data, and one thin writer for each format that a site takes."""
