package telegramtest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// htmlTags are the tags of parse mode HTML and the entity that each makes.
var htmlTags = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
	"a": "text_link", "blockquote": "blockquote", "tg-spoiler": "spoiler", "span": "spoiler", "tg-emoji": "custom_emoji", "tg-time": "date_time",
}

// parsed is a text with its markup lifted out.
type parsed struct {
	text     string
	entities []Entity
	// sloppy says what was accepted although it shows a mistake, such as a "&"
	// that was not escaped; empty: nothing.
	sloppy string
}

// parseHTML reads parse mode HTML by the rules of the real parser: "<" always
// begins a tag, "&" begins an entity only where a known one follows, offsets in
// the errors count bytes. The error is the sentence after "can't parse
// entities: ". (TDLib, MessageEntity.cpp, parse_html.)
func parseHTML(s string) (parsed, error) {
	p := htmlParser{src: s}
	for p.pos < len(s) {
		if err := p.step(); err != nil {
			return parsed{}, err
		}
	}
	if n := len(p.open); n > 0 {
		return parsed{}, says("Can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	text := p.out.String()
	if !utf8.ValidString(text) {
		return parsed{}, says("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")
	}
	slices.SortStableFunc(p.entities, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length))
	})
	return parsed{text: text, entities: withoutNested(p.entities), sloppy: p.sloppy}, nil
}

// withoutNested drops what lies inside of code, where nothing can be marked.
func withoutNested(sorted []Entity) []Entity {
	var out []Entity
	end := 0
	for _, e := range sorted {
		if e.Offset < end {
			continue
		}
		if e.Type == "code" || e.Type == "pre" {
			end = e.Offset + e.Length
		}
		out = append(out, e)
	}
	return out
}

type openTag struct {
	name, argument string
	offset         int // in UTF-16 code units of the text
	from           int // in bytes of the text
}

type htmlParser struct {
	src      string
	pos      int
	out      strings.Builder
	units    int // UTF-16 code units written
	open     []openTag
	entities []Entity
	sloppy   string
}

// at is the byte at i, 0 after the end.
func (p *htmlParser) at(i int) byte {
	if i < len(p.src) {
		return p.src[i]
	}
	return 0
}

func (p *htmlParser) step() error {
	switch p.src[p.pos] {
	case '<':
		if p.at(p.pos+1) == '/' {
			return p.end()
		}
		return p.start()
	case '&':
		if r, next := p.reference(p.pos); r != 0 {
			p.write(r)
			p.pos = next
			return nil
		}
		p.sloppy = fmt.Sprintf("an unescaped & at byte offset %d", p.pos)
	}
	r, size := utf8.DecodeRuneInString(p.src[p.pos:])
	p.write(r)
	p.pos += size
	return nil
}

func (p *htmlParser) write(r rune) {
	p.units++
	if r > 0xffff {
		p.units++
	}
	if r >= 0xd800 && r <= 0xdfff { // half a pair, which no valid text holds
		p.out.WriteString("\xff")
		return
	}
	p.out.WriteRune(r)
}

// reference reads "&lt;" and its like, whose ";" may be missing; 0: it is none.
func (p *htmlParser) reference(from int) (r rune, next int) {
	end := from + 1
	if p.at(end) == '#' {
		base, digits := 10, end+1
		if p.at(digits) == 'x' {
			base, digits = 16, digits+1
		}
		end = digits
		for isDigit(p.at(end), base) {
			end++
		}
		n, err := strconv.ParseUint(p.src[digits:end], base, 32)
		if err != nil || n == 0 || n >= 0x10ffff || end-from >= 10 {
			return 0, from
		}
		r = rune(n)
	} else {
		for isLetter(p.at(end)) {
			end++
		}
		known := map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}
		if r = known[p.src[from+1:end]]; r == 0 {
			return 0, from
		}
	}
	if p.at(end) == ';' {
		end++
	}
	return r, end
}

func (p *htmlParser) start() error {
	begin := p.pos
	i := begin + 1
	for !isSpace(p.at(i)) && p.at(i) != '>' {
		i++
	}
	if i >= len(p.src) {
		return says("Unclosed start tag at byte offset %d", begin)
	}
	tag := openTag{name: strings.ToLower(p.src[begin+1 : i]), offset: p.units, from: p.out.Len()}
	if htmlTags[tag.name] == "" {
		return says(`Unsupported start tag "%s" at byte offset %d`, tag.name, begin)
	}
	p.pos = i
	for {
		p.skipSpace()
		if p.at(p.pos) == '>' {
			break
		}
		if err := p.attribute(&tag, begin); err != nil {
			return err
		}
	}
	if tag.name == "span" && tag.argument != "spoiler" {
		return says(`Tag "span" must have class "tg-spoiler" at byte offset %d`, begin)
	}
	p.pos++
	p.open = append(p.open, tag)
	return nil
}

func (p *htmlParser) skipSpace() {
	for p.pos < len(p.src) && isSpace(p.src[p.pos]) {
		p.pos++
	}
}

func (p *htmlParser) attribute(tag *openTag, begin int) error {
	from := p.pos
	for c := p.at(p.pos); !isSpace(c) && !strings.ContainsRune(`=>/"'`, rune(c)); c = p.at(p.pos) {
		p.pos++
	}
	name := p.src[from:p.pos]
	if name == "" && p.pos < len(p.src) {
		return says(`Empty attribute name in the tag "%s" at byte offset %d`, tag.name, begin)
	}
	p.skipSpace()
	if p.at(p.pos) != '=' {
		if p.pos >= len(p.src) {
			return says(`Unclosed start tag "%s" at byte offset %d`, tag.name, begin)
		}
		if tag.name == "blockquote" && name == "expandable" {
			tag.argument = "expandable"
		}
		return nil
	}
	p.pos++
	p.skipSpace()
	if p.pos >= len(p.src) {
		return says(`Unclosed start tag "%s" at byte offset %d`, tag.name, begin)
	}
	value, err := p.value()
	if err != nil {
		return err
	}
	if p.pos >= len(p.src) {
		return says("Unclosed start tag at byte offset %d", begin)
	}
	tag.take(name, value)
	return nil
}

// take keeps the attributes that mean something.
func (t *openTag) take(name, value string) {
	switch {
	case t.name == "a" && name == "href", t.name == "tg-emoji" && name == "emoji-id", t.name == "tg-time" && name == "unix":
		t.argument = value
	case t.name == "code" && name == "class" && strings.HasPrefix(value, "language-"):
		t.argument = strings.TrimPrefix(value, "language-")
	case t.name == "span" && name == "class" && strings.HasPrefix(value, "tg-"):
		t.argument = strings.TrimPrefix(value, "tg-")
	case t.name == "blockquote" && name == "expandable":
		t.argument = "expandable"
	}
}

func (p *htmlParser) value() (string, error) {
	quote := p.at(p.pos)
	from := p.pos
	if quote != '\'' && quote != '"' {
		for c := p.at(p.pos); isLetter(c) || isDigit(c, 10) || c == '.' || c == '-'; c = p.at(p.pos) {
			p.pos++
		}
		if c := p.at(p.pos); !isSpace(c) && c != '>' {
			return "", says("Unexpected end of name token at byte offset %d", from)
		}
		return strings.ToLower(p.src[from:p.pos]), nil
	}
	p.pos++
	var b strings.Builder
	for p.pos < len(p.src) && p.src[p.pos] != quote {
		if p.src[p.pos] == '&' {
			if r, next := p.reference(p.pos); r != 0 {
				b.WriteRune(r)
				p.pos = next
				continue
			}
		}
		b.WriteByte(p.src[p.pos])
		p.pos++
	}
	p.pos++
	return b.String(), nil
}

func (p *htmlParser) end() error {
	begin := p.pos
	if len(p.open) == 0 {
		return says("Unexpected end tag at byte offset %d", begin)
	}
	i := begin + 2
	for !isSpace(p.at(i)) && p.at(i) != '>' {
		i++
	}
	name := strings.ToLower(p.src[begin+2 : min(i, len(p.src))])
	p.pos = i
	p.skipSpace()
	if p.at(p.pos) != '>' {
		return says("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return says(`Unmatched end tag at byte offset %d, expected "</%s>", found "</%s>"`, begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	if p.units > tag.offset {
		return p.add(tag)
	}
	return nil
}

// add makes the entity of a tag that holds something.
func (p *htmlParser) add(tag openTag) error {
	e := Entity{Type: htmlTags[tag.name], Offset: tag.offset, Length: p.units - tag.offset}
	switch tag.name {
	case "a":
		if !p.link(&e, tag) {
			return nil
		}
	case "tg-emoji":
		if n, err := strconv.ParseInt(tag.argument, 10, 64); err != nil || n == 0 {
			return says("Invalid custom emoji identifier specified")
		}
		e.CustomEmojiID = tag.argument
	case "blockquote":
		if tag.argument == "expandable" {
			e.Type = "expandable_blockquote"
		}
	case "pre", "code":
		if p.joinCode(e, tag) {
			return nil
		}
		if tag.name == "code" {
			e.Language = tag.argument
		}
	}
	p.entities = append(p.entities, e)
	return nil
}

// joinCode makes one entity of a pre around a code of the same length.
func (p *htmlParser) joinCode(e Entity, tag openTag) bool {
	if len(p.entities) == 0 {
		return false
	}
	last := &p.entities[len(p.entities)-1]
	if last.Offset != e.Offset || last.Length != e.Length {
		return false
	}
	switch {
	case tag.name == "pre" && last.Type == "code" && last.Language != "":
		last.Type = "pre"
		return true
	case tag.name == "code" && last.Type == "pre" && tag.argument != "":
		last.Language = tag.argument
		return true
	}
	return false
}

// link fills in where a link leads; a link that leads nowhere is dropped
// without a word.
func (p *htmlParser) link(e *Entity, tag openTag) bool {
	to := tag.argument
	if to == "" {
		to = p.out.String()[tag.from:]
	}
	if id, ok := userLink(to); ok {
		e.Type, e.User = "text_mention", &User{ID: id}
		return true
	}
	checked, err := checkURL(to)
	if err != nil {
		p.sloppy = fmt.Sprintf("the link %q leads nowhere and was dropped", to)
		return false
	}
	e.URL = checked
	return true
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte, base int) bool {
	return c >= '0' && c <= '9' || base == 16 && c|0x20 >= 'a' && c|0x20 <= 'f'
}
