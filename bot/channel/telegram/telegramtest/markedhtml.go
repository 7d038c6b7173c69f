package telegramtest

import (
	"html/template"
	"regexp"
	"strings"
	"unicode/utf16"
)

// entityTags are how entities are shown on the page.
var entityTags = map[string][2]string{
	"bold": {"<b>", "</b>"}, "italic": {"<i>", "</i>"}, "underline": {"<u>", "</u>"}, "strikethrough": {"<s>", "</s>"},
	"code": {"<code>", "</code>"}, "pre": {"<pre>", "</pre>"}, "spoiler": {`<span class="spoiler" tabindex="0">`, "</span>"},
	"blockquote": {"<blockquote>", "</blockquote>"}, "expandable_blockquote": {"<blockquote>", "</blockquote>"},
}

// found is what Telegram's apps make alive in a plain text by themselves:
// addresses and commands.
var found = regexp.MustCompile(`https?://[^\s<>"”]+[^\s<>"”.,;:!?)]|(?:^|[\s(])/[a-z0-9_]{1,32}\b`)

// formattedHTML shows a text with its entities. Every piece of the text is
// escaped, so that it makes no other markup than its own.
func formattedHTML(text string, entities []Entity) template.HTML {
	m := marking{units: utf16.Encode([]rune(text))}
	m.run(0, len(m.units), entities)
	return template.HTML(m.out.String())
}

type marking struct {
	units []uint16
	out   strings.Builder
}

// run shows a stretch of the text with the entities that begin inside of it.
func (m *marking) run(from, to int, entities []Entity) {
	for i := 0; i < len(entities); i++ {
		e := entities[i]
		end := min(e.Offset+e.Length, to)
		if e.Offset < from || end <= e.Offset {
			continue
		}
		inside := i + 1
		for inside < len(entities) && entities[inside].Offset < end {
			inside++
		}
		m.plain(from, e.Offset)
		m.entity(e, end, entities[i+1:inside])
		from, i = end, inside-1
	}
	m.plain(from, to)
}

func (m *marking) entity(e Entity, end int, inside []Entity) {
	if e.Type == "text_link" {
		m.out.WriteString(`<a target="_blank" rel="noopener noreferrer" href="` + template.HTMLEscapeString(e.URL) + `">`)
		m.out.WriteString(template.HTMLEscapeString(m.text(e.Offset, end)) + "</a>")
		return
	}
	tags := entityTags[e.Type]
	m.out.WriteString(tags[0])
	m.run(e.Offset, end, inside)
	m.out.WriteString(tags[1])
}

func (m *marking) text(from, to int) string {
	if from >= to {
		return ""
	}
	return string(utf16.Decode(m.units[from:to]))
}

// plain shows a stretch without entities, with links and commands alive.
func (m *marking) plain(from, to int) {
	text := m.text(from, to)
	last := 0
	for _, at := range found.FindAllStringIndex(text, -1) {
		piece := text[at[0]:at[1]]
		lead := strings.IndexAny(piece, "/h")
		m.out.WriteString(template.HTMLEscapeString(text[last:at[0]] + piece[:lead]))
		piece = template.HTMLEscapeString(piece[lead:])
		if piece[0] == '/' {
			m.out.WriteString(`<button type="submit" class="command" form="command" name="text" value="` + piece + `">` + piece + `</button>`)
		} else {
			m.out.WriteString(`<a target="_blank" rel="noopener noreferrer" href="` + piece + `">` + piece + `</a>`)
		}
		last = at[1]
	}
	m.out.WriteString(template.HTMLEscapeString(text[last:]))
}
