package documents

import (
	"strings"
	"unicode"
)

// unixBreaks turns every kind of line break into a line feed.
func unixBreaks(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}

// printable drops what cannot be seen and replaces what is not UTF-8. Line
// feeds and tabs stay.
func printable(s string) string {
	s = strings.ToValidUTF8(unixBreaks(s), "\uFFFD")
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// oneLine is printable with every run of white space made one space.
func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// tidyLines is printable with each line made tidy like [oneLine], and without empty
// lines at both ends.
func tidyLines(s string) string {
	all := strings.Split(printable(s), "\n")
	for i, l := range all {
		all[i] = oneLine(l)
	}
	return strings.Trim(strings.Join(all, "\n"), "\n")
}
