package telegramtest

import (
	"encoding/json"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The limits of texts. Lengths count code points after the markup is lifted
// out, in bytes where said so.
const (
	maxText     = 4096
	maxCaption  = 1024
	maxTextRaw  = 32768 // bytes, before
	maxToast    = 200
	maxCallback = 64 // bytes
)

// formatted reads a text with its markup out of a request: field is "text" or
// "caption". An absent text is empty and no error.
func (s *Server) formatted(r *request, field string) (parsed, *apiError) {
	raw := r.get(field)
	if raw == "" {
		return parsed{}, nil
	}
	if !utf8.ValidString(raw) {
		return parsed{}, refused(400, "strings must be encoded in UTF-8")
	}
	if len(raw) > maxTextRaw {
		return parsed{}, refused(400, "text is too long").rudely(r.method + ": a " + field + " of more than 32768 bytes")
	}
	p := parsed{text: raw}
	switch mode := strings.ToLower(r.get("parse_mode")); mode {
	case "", "none":
		p.entities = s.givenEntities(r, field)
	case "html":
		var err error
		if p, err = parseHTML(raw); err != nil {
			return parsed{}, refused(400, "can't parse entities: "+err.Error()).rudely(r.method + ": markup that cannot be parsed: " + err.Error())
		}
		if p.sloppy != "" {
			s.violate("%s: %s", r.method, p.sloppy)
		}
	case "markdown", "markdownv2":
		return parsed{}, refused(501, "parse_mode "+r.get("parse_mode")+" is not simulated here").rudely(r.method + ": parse_mode " + r.get("parse_mode") + " is not simulated")
	default:
		return parsed{}, refused(400, "unsupported parse_mode").rudely(r.method + ": unsupported parse_mode " + r.get("parse_mode"))
	}
	p = trimmed(p)
	if strings.TrimSpace(p.text) == "" {
		return parsed{}, refused(400, "text must be non-empty").rudely(r.method + ": a " + field + " of white space alone")
	}
	return p, nil
}

// givenEntities reads the entities that came beside a text; those that do not
// lie inside of it are held against the bot.
func (s *Server) givenEntities(r *request, field string) []Entity {
	name := "entities"
	if field == "caption" {
		name = "caption_entities"
	}
	var all, good []Entity
	if json.Unmarshal([]byte(r.get(name)), &all) != nil {
		return nil
	}
	units := unitsOf(r.get(field))
	for _, e := range all {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > units {
			s.violate("%s: an entity at %d of length %d in a text of %d UTF-16 code units", r.method, e.Offset, e.Length, units)
			continue
		}
		good = append(good, e)
	}
	return good
}

// trimmed takes the white space off both ends, as Telegram does with every
// message; at the beginning only where no markup covers it.
func trimmed(p parsed) parsed {
	p.text = strings.TrimRight(p.text, " \n\t\r")
	units := unitsOf(p.text)
	lead := len(p.text) - len(strings.TrimLeft(p.text, " \n"))
	if lead > 0 && (len(p.entities) == 0 || p.entities[0].Offset >= lead) {
		p.text = p.text[lead:]
	} else {
		lead = 0
	}
	var kept []Entity
	for _, e := range p.entities {
		e.Length = min(e.Offset+e.Length, units) - e.Offset
		e.Offset -= lead
		if e.Length > 0 {
			kept = append(kept, e)
		}
	}
	p.entities = kept
	return p
}

// units counts UTF-16 code units.
func unitsOf(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
