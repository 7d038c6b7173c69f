package scheduler

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sachhon/dialogs"
)

// Segment says whom a push is meant for: those who fit every condition that is
// given, each of them by one of its values. The zero Segment is everybody. Its
// JSON is what the API and files take, {"sector":["wood"],"subscribed":true}.
type Segment struct {
	Sectors []string `json:"sector,omitempty"` // one of these is theirs
	Wards   []string `json:"ward,omitempty"`
	// Areas are those of before the wards of 2025, by their keys.
	Areas []string `json:"area,omitempty"`
	Roles []string `json:"role,omitempty"` // technical, manager, public, other
	Sizes []string `json:"size,omitempty"`
	// Registered and Attended are ids of classes.
	Registered []string       `json:"registered,omitempty"`
	Attended   []string       `json:"attended,omitempty"`
	Bands      []string       `json:"band,omitempty"`     // of the last self-check
	Sources    []string       `json:"source,omitempty"`   // what first brought them
	Langs      []dialogs.Lang `json:"language,omitempty"` // they read one of these
	Channels   []string       `json:"channel,omitempty"`  // they came by one of these
	Topics     []string       `json:"topic,omitempty"`    // they asked for one of these
	// Subscribed wants those who asked for the weekly tips.
	Subscribed bool `json:"subscribed,omitempty"`
	// Not leaves out whoever fits any one of its conditions; nil: nobody.
	Not *Segment `json:"not,omitempty"`
}

// Classes are the classes a segment asks about: by class and contact, whether
// the person attended.
type Classes map[string]map[string]bool

// FactTips is the key of the state of a subscription to tips, and TipsOn the
// state of one that is not paused.
const (
	FactTips = "tips_state"
	TipsOn   = "on"
)

// The facts of a contact that segments ask about, by the keys under which flows
// and actions keep them. The sector is that of the enterprise and that of the
// subscription to tips.
const (
	factTipsSector = "tips_sector"
	factSector     = "sector"
	factWard       = "ward"
	factArea       = "area"
	factRole       = "role"
	factSize       = "size"
	factBand       = "band"
	factTopics     = "topics"
)

// SegmentError says what is wrong with a segment's JSON.
type SegmentError struct {
	Field string // the condition; empty: all of it
	Words dialogs.Text
}

// Error says it in English.
func (e *SegmentError) Error() string { return "read segment: " + e.Words.EN }

// ParseSegment reads a segment's JSON. A condition that it does not know is
// refused with the list of those it does: left out silently, it would widen the
// segment. Whatever is wrong is a [SegmentError].
func ParseSegment(raw []byte) (Segment, error) {
	wrong := func(field, vi, en string) (Segment, error) {
		return Segment{}, &SegmentError{field, dialogs.Text{VI: vi, EN: en}}
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return wrong("", "chưa ghi điều kiện nào; {} là mọi người", "it is empty; {} is everybody")
	}
	if name := unknownCondition(raw); name != "" {
		known := strings.Join(conditionNames(), ", ")
		return wrong(name, "không có điều kiện này; các điều kiện là "+known, fmt.Sprintf("there is no condition %q; its conditions are %s", name, known))
	}
	var s Segment
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(&s)
	if err == nil && d.More() {
		return wrong("", "sau điều kiện còn có phần khác; bỏ phần đó đi", "there is something behind it; leave that out")
	}
	if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return wrong(mistyped.Field, "phải là danh sách như [\"…\"]; riêng subscribed là true hoặc false",
			fmt.Sprintf("%q takes a list such as [\"…\"], and \"subscribed\" true or false", mistyped.Field))
	}
	if err != nil {
		return wrong("", "không phải JSON đọc được: "+err.Error(), "it is not JSON: "+err.Error())
	}
	if name := emptyList(raw); name != "" {
		return wrong(name, "danh sách trống thì không ai thuộc nhóm; bỏ điều kiện này để gửi cho mọi người",
			fmt.Sprintf("%q is an empty list, which nobody fits; leave it out for everybody", name))
	}
	if s.Not != nil && s.Not.Not != nil {
		return wrong("not", "trong “not” không dùng “not” nữa; ghi thẳng điều kiện", "a \"not\" within \"not\" is not understood; write the condition itself")
	}
	return s, nil
}

// unknownCondition names the first condition that there is not; "" when all are
// known.
func unknownCondition(raw []byte) string {
	var all map[string]json.RawMessage
	if json.Unmarshal(raw, &all) != nil {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		known := slices.ContainsFunc(conditionNames(), func(k string) bool { return strings.EqualFold(k, name) })
		if !known {
			return name
		}
		if name == "not" {
			if inner := unknownCondition(all[name]); inner != "" {
				return inner
			}
		}
	}
	return ""
}

// emptyList names the first condition whose list is empty; "" when none is.
func emptyList(raw []byte) string {
	var all map[string]json.RawMessage
	if json.Unmarshal(raw, &all) != nil {
		return ""
	}
	for _, name := range conditionNames() {
		switch value := all[name]; {
		case name == "not" && len(value) > 0:
			return emptyList(value)
		case len(value) > 0 && value[0] == '[' && len(bytes.TrimSpace(value[1:len(value)-1])) == 0:
			return name
		}
	}
	return ""
}

// conditionNames lists the names of the conditions as JSON has them.
func conditionNames() []string {
	return []string{"sector", "ward", "area", "role", "size", "registered", "attended", "band", "source", "language",
		"channel", "topic", "subscribed", "not"}
}

// JSON returns the segment as [ParseSegment] reads it.
func (s *Segment) JSON() []byte {
	raw, err := json.Marshal(s)
	if err != nil {
		panic("segment: " + err.Error()) // texts and lists of texts always can be written
	}
	return raw
}

// ClassIDs lists the classes that s asks about, each once.
func (s *Segment) ClassIDs() []string {
	ids := slices.Concat(s.Registered, s.Attended)
	if s.Not != nil {
		ids = append(ids, s.Not.ClassIDs()...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// has says whether the person is one of those meant. It allocates nothing.
func (s *Segment) has(p *Person) bool {
	for i := range conditions {
		if given, fits := s.condition(i, p); given && !fits {
			return false
		}
	}
	if s.Not == nil {
		return true
	}
	for i := range conditions {
		if given, fits := s.Not.condition(i, p); given && fits {
			return false
		}
	}
	return true
}

// conditions is how many there are beside Not.
const conditions = 13

// condition says whether a condition is given, and if so whether the person
// fits it.
func (s *Segment) condition(i int, p *Person) (given, fits bool) {
	switch i {
	case 0:
		return s.Subscribed, p.Subscribed
	case 1:
		return len(s.Sectors) > 0, slices.ContainsFunc(p.Sectors, func(x string) bool { return slices.Contains(s.Sectors, x) })
	case 2:
		return s.fact(s.Wards, p, factWard)
	case 3:
		return s.fact(s.Areas, p, factArea)
	case 4:
		return s.fact(s.Roles, p, factRole)
	case 5:
		return s.fact(s.Sizes, p, factSize)
	case 6:
		return s.fact(s.Bands, p, factBand)
	case 7:
		return s.fact(s.Topics, p, factTopics)
	case 8:
		return len(s.Registered) > 0, p.inClass(s.Registered, false)
	case 9:
		return len(s.Attended) > 0, p.inClass(s.Attended, true)
	case 10:
		return len(s.Sources) > 0, slices.Contains(s.Sources, p.Contact.Source)
	case 11:
		return len(s.Langs) > 0, slices.Contains(s.Langs, p.Contact.Speaks())
	default:
		return len(s.Channels) > 0, slices.ContainsFunc(p.Contact.Addresses, func(at string) bool { return slices.Contains(s.Channels, ChannelOf(at)) })
	}
}

func (*Segment) fact(wanted []string, p *Person, key string) (given, fits bool) {
	return len(wanted) > 0, len(wanted) > 0 && holdsAny(p.Contact.Fact(key), wanted)
}

func (p *Person) inClass(ids []string, attended bool) bool {
	for _, id := range ids {
		if came, ok := p.Classes[id][p.Contact.ID]; ok && (came || !attended) {
			return true
		}
	}
	return false
}

// holdsAny says whether a fact is one of the keys, or holds one of them. It
// allocates nothing.
func holdsAny(v dialogs.Value, keys []string) bool {
	if !v.Given() {
		return false
	}
	for key := range strings.SplitSeq(v.Text, "\x1f") {
		if slices.Contains(keys, key) {
			return true
		}
	}
	return false
}

// ChannelOf is the channel of an address, "telegram" of "telegram:42".
func ChannelOf(at string) string {
	channel, _, _ := strings.Cut(at, ":")
	return channel
}
