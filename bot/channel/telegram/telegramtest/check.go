package telegramtest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// legacy are parameters that left the documentation and are still read.
var legacy = map[string]string{
	"disable_web_page_preview":    "Boolean",
	"reply_to_message_id":         "Integer",
	"allow_sending_without_reply": "Boolean",
}

// check holds the parameters of a request against the description of its
// method. Telegram ignores what it does not know and reads what it can; here all
// of it is held against the bot.
func (s *Server) check(m method, r *request) {
	for _, name := range slices.Sorted(maps.Keys(r.params)) {
		p, known := m.parameters[name]
		if old, ok := legacy[name]; !known && ok && strings.HasPrefix(m.name, "send") {
			p, known = parameter{types: []string{old}}, true
		}
		switch {
		case name == "method":
		case !known:
			s.violate("%s: unknown parameter %s", m.name, name)
		case r.get(name) != "" && !fits(r.get(name), p.types):
			s.violate("%s: %s is not of type %s", m.name, name, strings.Join(p.types, " or "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		_, known := m.parameters[name]
		if !known && !r.attached(name) {
			s.violate("%s: unknown file %s", m.name, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.parameters)) {
		_, file := r.files[name]
		_, given := r.params[name]
		if m.parameters[name].required && !given && !file {
			s.violate("%s: parameter %s is required", m.name, name)
		}
	}
}

// attached says whether some parameter refers to an uploaded file as
// attach://NAME.
func (r *request) attached(name string) bool {
	for _, v := range r.params {
		if strings.Contains(v, "attach://"+name) {
			return true
		}
	}
	return false
}

// fits says whether a value can be of one of the types.
func fits(value string, types []string) bool {
	return slices.ContainsFunc(types, func(t string) bool {
		switch {
		case t == "Integer":
			_, err := strconv.ParseInt(value, 10, 64)
			return err == nil
		case t == "Float":
			_, err := strconv.ParseFloat(value, 64)
			return err == nil
		case t == "Boolean":
			_, err := strconv.ParseBool(value)
			return err == nil
		case t == "String" || t == "InputFile":
			return true
		case strings.HasPrefix(t, "Array of"):
			var list []json.RawMessage
			return json.Unmarshal([]byte(value), &list) == nil
		default:
			var object map[string]json.RawMessage
			return json.Unmarshal([]byte(value), &object) == nil
		}
	})
}
