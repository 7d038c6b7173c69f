package telegram

import (
	"strings"
	"unicode/utf8"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// mark begins and ends a strong run of a marked text.
const mark = "**"

// escape makes a text say in Telegram's HTML what it says. A bare quote is
// harmless outside of attributes, and there are none.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// markup writes a text for Telegram and says in which parse mode; "" is none.
func markup(text string, format dialogs.Format) (out, mode string) {
	text = strings.ToValidUTF8(text, "\ufffd")
	if format != dialogs.Marked || !strings.Contains(text, mark) {
		return text, ""
	}
	runs := strings.Split(text, mark)
	if n := len(runs); n%2 == 0 { // the last mark has no partner and is none
		runs = append(runs[:n-2], runs[n-2]+mark+runs[n-1])
	}
	var b strings.Builder
	for i, run := range runs {
		strong := i%2 == 1 && strings.TrimSpace(run) != ""
		if strong {
			b.WriteString("<b>")
		}
		b.WriteString(escape.Replace(run))
		if strong {
			b.WriteString("</b>")
		}
	}
	return b.String(), "HTML"
}

// length is how many code points of a message's text Telegram counts.
func length(m dialogs.Message) int {
	return utf8.RuneCountInString(channel.Plain(m).Text)
}

// clip cuts a text to at most n code points.
func clip(s string, n int) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
