package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/dialogs/answer"
	"sachhon/scheduler"
)

// BroadcastSpec is a broadcast as the API and files ask for it.
type BroadcastSpec struct {
	Title string       `json:"title"`
	Kind  string       `json:"kind"` // promotion or service
	Text  dialogs.Text `json:"text"`
	// Segment is an object of conditions, or the name of a saved segment; none is
	// refused: {} is everybody.
	Segment json.RawMessage `json:"segment"`
	// SendAt is when it begins; zero: at once. Expires is from when on it is no
	// longer true; zero: never.
	SendAt  time.Time `json:"send_at,omitzero"`
	Expires time.Time `json:"expires_at,omitzero"`
	// Purpose must have been agreed to; empty: tips for promotion, none for a service.
	Purpose string `json:"purpose,omitempty"`
	// Topic is "tip" for what counts as the weekly tip.
	Topic   string            `json:"topic,omitempty"`
	Answers []BroadcastButton `json:"answers,omitempty"`
	Media   *BroadcastMedia   `json:"media,omitempty"`
	// Draft keeps it until somebody resumes it.
	Draft bool `json:"draft,omitempty"`
}

// BroadcastButton is an answer that people can press.
type BroadcastButton struct {
	// Key is letters and digits; empty: its number.
	Key   string       `json:"key,omitempty"`
	Label dialogs.Text `json:"label"`
	// Pressed is how many chose it; requests leave it out.
	Pressed int `json:"pressed"`
}

// BroadcastMedia is a picture (PNG, JPEG, WebP) or a document that goes with it.
type BroadcastMedia struct {
	Name  string       `json:"name"`
	Bytes []byte       `json:"bytes,omitempty"` // base64
	Alt   dialogs.Text `json:"alt,omitzero"`    // what it shows
}

// The longest title and text of a broadcast in characters, and the most answers.
const (
	maxCastTitle   = 200
	maxCastText    = 2000
	maxCastAnswers = 6
	maxCastLabel   = 40
)

// wordsGiven are words as a request has them: by language, or a plain string
// that is Vietnamese.
type wordsGiven dialogs.Text

// UnmarshalJSON reads both forms.
func (w *wordsGiven) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &w.VI)
	}
	return strictly(raw, (*dialogs.Text)(w))
}

// castGiven is a broadcast as a request has it.
type castGiven struct {
	BroadcastSpec
	Text  wordsGiven `json:"text"`
	Media *struct {
		Name  string     `json:"name"`
		Bytes []byte     `json:"bytes"`
		Alt   wordsGiven `json:"alt"`
	} `json:"media"`
	Answers []struct {
		Key   string     `json:"key"`
		Label wordsGiven `json:"label"`
		// Pressed is not read: what the API shows may be sent to it again.
		Pressed int `json:"pressed"`
	} `json:"answers"`
}

// strictly reads JSON; a field that it does not know is refused.
func strictly(raw []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// ParseBroadcast reads a broadcast's JSON. A field that it does not know is
// refused.
func ParseBroadcast(raw []byte) (spec BroadcastSpec, err error) {
	var given castGiven
	if err := strictly(raw, &given); err != nil {
		if wrong, ok := errors.AsType[*time.ParseError](err); ok {
			err = fmt.Errorf("%s is no time; write it like 2026-12-01T08:00:00+07:00", wrong.Value)
		}
		return spec, badRequest{fmt.Errorf("read broadcast: %w", err)}
	}
	spec = given.BroadcastSpec
	spec.Text = dialogs.Text(given.Text)
	if m := given.Media; m != nil {
		spec.Media = &BroadcastMedia{Name: m.Name, Bytes: m.Bytes, Alt: dialogs.Text(m.Alt)}
	}
	for _, a := range given.Answers {
		spec.Answers = append(spec.Answers, BroadcastButton{Key: a.Key, Label: dialogs.Text(a.Label)})
	}
	return spec, nil
}

// answerKey is what the keys of answers look like: they are parts of deep links.
func answerKey() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9]{1,12}$`) }

// broadcast makes the record of a request, without its media; the error says
// all that is wrong.
func (s *BroadcastSpec) broadcast(now time.Time) (c scheduler.Broadcast, err error) {
	c = scheduler.Broadcast{Title: cleanTitle(s.Title), Purpose: s.Purpose, Topic: s.Topic, Version: 1, Created: now,
		Text: dialogs.Text{VI: answer.Clean(s.Text.VI), EN: answer.Clean(s.Text.EN)}, SendAt: s.SendAt, Expires: s.Expires, Status: scheduler.Scheduled}
	if s.Draft {
		c.Status = scheduler.Draft
	}
	var wrong []error
	found := func(is bool, what string) {
		if is {
			wrong = append(wrong, errors.New(what))
		}
	}
	switch s.Kind {
	case scheduler.Promotion.String():
		c.Kind = scheduler.Promotion
	case scheduler.Service.String():
		c.Kind = scheduler.Service
	default:
		found(true, `"kind" must be promotion or service`)
	}
	if c.Purpose == "" {
		c.Purpose = scheduler.ConsentFor(c.Kind)
	}
	purposes := []string{"", programme.PurposeClass, programme.PurposeSelfCheck, programme.PurposeTips, programme.PurposeSharing}
	found(!slices.Contains(purposes, c.Purpose), `"purpose" must be class, selfcheck, tips or sharing`)
	found(c.Topic != "" && c.Topic != scheduler.TopicTip, `"topic" must be tip, or left out`)
	wrong = append(wrong, wrongWords(c.Title, c.Text)...)
	if c.SendAt.IsZero() {
		c.SendAt = now
	}
	found(!c.Expires.IsZero() && !c.Expires.After(c.SendAt), `"expires_at" must be later than "send_at"`)
	found(!c.Expires.IsZero() && !c.Expires.After(now), `"expires_at" is past`)
	c.Answers, err = s.answers()
	if err = errors.Join(append(wrong, err)...); err != nil {
		return c, badRequest{fmt.Errorf("read broadcast: %w", err)}
	}
	return c, nil
}

func cleanTitle(title string) string { return strings.TrimSpace(answer.Clean(title)) }

// wrongWords says all that is wrong with the words of a broadcast.
func wrongWords(title string, text dialogs.Text) (wrong []error) {
	if title == "" {
		wrong = append(wrong, errors.New(`"title" is missing`))
	}
	if utf8.RuneCountInString(title) > maxCastTitle {
		wrong = append(wrong, fmt.Errorf(`"title" is longer than %d characters`, maxCastTitle))
	}
	if text.VI == "" {
		wrong = append(wrong, errors.New(`"text" needs words under "vi"`))
	}
	if utf8.RuneCountInString(text.VI) > maxCastText || utf8.RuneCountInString(text.EN) > maxCastText {
		wrong = append(wrong, fmt.Errorf(`"text" is longer than %d characters`, maxCastText))
	}
	return wrong
}

func (s *BroadcastSpec) answers() (list []scheduler.BroadcastAnswer, err error) {
	if len(s.Answers) > maxCastAnswers {
		return nil, fmt.Errorf("there are more than %d answers", maxCastAnswers)
	}
	for i, a := range s.Answers {
		one := scheduler.BroadcastAnswer{Key: a.Key, Label: dialogs.Text{VI: strings.TrimSpace(answer.Clean(a.Label.VI)), EN: strings.TrimSpace(answer.Clean(a.Label.EN))}}
		if one.Key == "" {
			one.Key = fmt.Sprint(i + 1)
		}
		switch {
		case !answerKey().MatchString(one.Key):
			return nil, fmt.Errorf("the key %q of an answer must be up to 12 small letters and digits", one.Key)
		case slices.ContainsFunc(list, func(o scheduler.BroadcastAnswer) bool { return o.Key == one.Key }):
			return nil, fmt.Errorf("two answers have the key %q", one.Key)
		case one.Label.VI == "" || utf8.RuneCountInString(one.Label.VI) > maxCastLabel || utf8.RuneCountInString(one.Label.EN) > maxCastLabel:
			return nil, fmt.Errorf("answer %q needs a label of at most %d characters", one.Key, maxCastLabel)
		}
		list = append(list, one)
	}
	return list, nil
}

// segment reads the segment of a request, by its name or by its conditions.
func (s *BroadcastSpec) segment(tx Tx) (scheduler.Segment, error) {
	var name string
	if json.Unmarshal(s.Segment, &name) == nil && name != "" {
		return savedSegment(tx, name)
	}
	if len(s.Segment) == 0 || string(s.Segment) == "null" {
		return scheduler.Segment{}, badRequest{errors.New(`read broadcast: "segment" is missing; {} is everybody`)}
	}
	seg, err := scheduler.ParseSegment(s.Segment)
	if err != nil {
		return seg, badRequest{err}
	}
	return seg, nil
}

// keepCastMedia stores the picture or document of a request.
func (b *Bot) keepCastMedia(ctx context.Context, m *BroadcastMedia) (dialogs.Media, error) {
	if m == nil {
		return dialogs.Media{}, nil
	}
	name := filepath.Base(m.Name)
	if len(m.Bytes) == 0 || filepath.Ext(name) == "" {
		return dialogs.Media{}, badRequest{errors.New(`"media" needs a "name" with an ending, such as poster.png, and "bytes" in base64`)}
	}
	kept, err := b.keepMedia(ctx, name, mime.TypeByExtension(filepath.Ext(name)), bytes.NewReader(m.Bytes))
	if err != nil {
		return kept, fmt.Errorf("keep media of broadcast: %w", err)
	}
	kept.Alt = answer.Clean(m.Alt.VI)
	return kept, nil
}

// Ids of broadcasts are read out: "b" and five of the letters and digits that
// nobody takes for another.
const (
	castIDLetters = "23456789abcdefghjkmnpqrstuvwxyz"
	castIDLength  = 5
)

// freshCastID draws an id that no broadcast has.
func (b *Bot) freshCastID(tx Tx) (string, error) {
	for range 64 {
		id := []byte{'b'}
		var one [1]byte
		for len(id) <= castIDLength {
			if _, err := io.ReadFull(b.random, one[:]); err != nil {
				return "", fmt.Errorf("draw id: %w", err)
			}
			if int(one[0]) < 256/len(castIDLetters)*len(castIDLetters) { // else some letters would come up more often
				id = append(id, castIDLetters[int(one[0])%len(castIDLetters)])
			}
		}
		if _, taken, err := tx.Broadcast(string(id)); err != nil || !taken {
			return string(id), err
		}
	}
	return "", errors.New("draw id: no free one found")
}
