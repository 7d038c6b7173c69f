package webchat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sachhon/dialogs"
)

// run is a piece of a message that is shown in one way. A run with Break set
// is the end of a line and has no text.
type run struct {
	Text   string
	Strong bool
	URL    string // the text is a link
	Break  bool
}

const mark = "**"

// runs reads a text into what is shown. Escaping is left to the template, so
// that nothing in a text can become markup. A mark without its partner stays as
// it was written.
func runs(text string, format dialogs.Format) []run {
	var out []run
	if format == dialogs.Marked {
		text = markLines(text)
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out = append(out, run{Break: true})
		}
		if format == dialogs.Marked {
			out = marked(out, line)
		} else {
			out = linked(out, line, false)
		}
	}
	return out
}

// markLines closes a strong piece at the end of each of its lines and opens it
// again on the next, where every mark has its partner.
func markLines(text string) string {
	parts := strings.Split(text, mark)
	if len(parts)%2 == 0 {
		return text
	}
	for i := 1; i < len(parts); i += 2 {
		if !strings.Contains(parts[i], "\n") {
			continue
		}
		lines := strings.Split(parts[i], "\n")
		for j := 1; j < len(lines)-1; j++ {
			if lines[j] != "" {
				lines[j] = mark + lines[j] + mark
			}
		}
		lines[0], lines[len(lines)-1] = lines[0]+mark, mark+lines[len(lines)-1]
		parts[i] = strings.Join(lines, "\n")
	}
	return strings.ReplaceAll(strings.Join(parts, mark), "****", "")
}

func marked(out []run, line string) []run {
	for {
		before, rest, ok := strings.Cut(line, mark)
		strong, after, closed := strings.Cut(rest, mark)
		if !ok || !closed || strong == "" {
			return linked(out, line, false)
		}
		out = linked(out, before, false)
		out = linked(out, strong, true)
		line = after
	}
}

// linked adds a piece of a line with its web addresses as links of their own.
func linked(out []run, s string, strong bool) []run {
	for s != "" {
		at, length := findURL(s)
		if length == 0 {
			return append(out, run{Text: s, Strong: strong})
		}
		if at > 0 {
			out = append(out, run{Text: s[:at], Strong: strong})
		}
		url := s[at : at+length]
		out = append(out, run{Text: url, URL: url, Strong: strong})
		s = s[at+length:]
	}
	return out
}

// findURL returns where the first http or https address of s is; length 0:
// there is none.
func findURL(s string) (at, length int) {
	for from := 0; ; {
		i := strings.Index(s[from:], "http")
		if i < 0 {
			return 0, 0
		}
		at = from + i
		scheme := len("http://")
		if strings.HasPrefix(s[at:], "https://") {
			scheme = len("https://")
		} else if !strings.HasPrefix(s[at:], "http://") {
			from = at + len("http")
			continue
		}
		if n := urlLen(s[at+scheme:]); n > 0 && !wordBefore(s[:at]) {
			return at, scheme + n
		}
		from = at + scheme
	}
}

// urlLen returns how much of s belongs to an address: all up to a blank or a
// quote, less the punctuation of the sentence around it.
func urlLen(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("\"<>“”‘’`\\^{|}", r) || r == utf8.RuneError
	})
	if end < 0 {
		end = len(s)
	}
	address := s[:end]
	for {
		cut := strings.TrimRight(address, ".,;:!?…'*_")
		if strings.HasSuffix(cut, ")") && !strings.Contains(cut, "(") {
			cut = strings.TrimSuffix(cut, ")")
		}
		if cut == address {
			return len(address)
		}
		address = cut
	}
}

func wordBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
