package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
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

// mostLate is how long ago a broadcast may have been meant to begin: one that was
// a quarter of a year ago has the wrong year, and would leave to everybody at once.
const mostLate = 90 * 24 * time.Hour

// wordsGiven are words as a request has them: by language, or a plain string
// that is Vietnamese.
type wordsGiven dialogs.Text

// UnmarshalJSON reads both forms.
func (w *wordsGiven) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &w.VI)
	}
	if err := strictly(raw, (*dialogs.Text)(w)); err != nil {
		return &wordsError{raw}
	}
	return nil
}

// wordsError means that what should be words is none.
type wordsError struct{ raw json.RawMessage }

// Error shows what was given.
func (e *wordsError) Error() string {
	return fmt.Sprintf(`words such as those of "text" are a text or {"vi":"…","en":"…"}, not %.80s`, e.raw)
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
		return spec, unreadable(err)
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
	var wrong castFaults
	switch s.Kind {
	case scheduler.Promotion.String():
		c.Kind = scheduler.Promotion
	case scheduler.Service.String():
		c.Kind = scheduler.Service
	default:
		wrong.add(true, "kind", "phải là promotion hoặc service", `"kind" must be promotion or service`)
	}
	if c.Purpose == "" {
		c.Purpose = scheduler.ConsentFor(c.Kind)
	}
	purposes := []string{"", programme.PurposeClass, programme.PurposeSelfCheck, programme.PurposeTips, programme.PurposeSharing}
	wrong.add(!slices.Contains(purposes, c.Purpose), "purpose", "phải là class, selfcheck, tips hoặc sharing", `"purpose" must be class, selfcheck, tips or sharing`)
	wrong.add(c.Topic != "" && c.Topic != scheduler.TopicTip, "topic", "phải là tip, hoặc bỏ trống", `"topic" must be tip, or left out`)
	wrong = append(wrong, wrongWords(c.Title, c.Text)...)
	if c.SendAt.IsZero() {
		c.SendAt = now
	}
	wrong.add(now.Sub(c.SendAt) > mostLate, "send_at", "đã qua; kiểm tra lại năm, hoặc bỏ trống để gửi ngay",
		`"send_at" is past; check the year, or leave it out to send at once`)
	late := !c.Expires.IsZero() && !c.Expires.After(now)
	wrong.add(late, "expires_at", "đã qua; kiểm tra lại ngày", `"expires_at" is past; check the date`)
	wrong.add(!late && !c.Expires.IsZero() && !c.Expires.After(c.SendAt), "expires_at", "phải sau send_at", `"expires_at" must be later than "send_at"`)
	c.Answers = s.answers(&wrong)
	return c, wrong.refusal()
}

func cleanTitle(title string) string { return strings.TrimSpace(answer.Clean(title)) }

// wrongWords says all that is wrong with the words of a broadcast.
func wrongWords(title string, text dialogs.Text) (wrong castFaults) {
	wrong.add(title == "", "title", "đợt gửi chưa có tên", `"title" is missing`)
	wrong.add(utf8.RuneCountInString(title) > maxCastTitle, "title", fmt.Sprintf("tên dài hơn %d ký tự", maxCastTitle),
		fmt.Sprintf(`"title" is longer than %d characters`, maxCastTitle))
	wrong.add(text.VI == "", "text.vi", "đợt gửi chưa có nội dung tiếng Việt", `"text" needs words under "vi"`)
	for _, one := range []struct{ lang, words string }{{"vi", text.VI}, {"en", text.EN}} {
		wrong.add(utf8.RuneCountInString(one.words) > maxCastText, "text."+one.lang, fmt.Sprintf("nội dung dài hơn %d ký tự; viết ngắn lại", maxCastText),
			fmt.Sprintf(`"text" is longer than %d characters under %q; shorten it`, maxCastText, one.lang))
	}
	return wrong
}

// answers reads the answers; what is wrong with the first bad one is noted.
func (s *BroadcastSpec) answers(wrong *castFaults) (list []scheduler.BroadcastAnswer) {
	if len(s.Answers) > maxCastAnswers {
		wrong.add(true, "answers", fmt.Sprintf("không được quá %d câu trả lời", maxCastAnswers), fmt.Sprintf("there are more than %d answers", maxCastAnswers))
		return nil
	}
	for i, a := range s.Answers {
		one := scheduler.BroadcastAnswer{Key: a.Key, Label: dialogs.Text{VI: strings.TrimSpace(answer.Clean(a.Label.VI)), EN: strings.TrimSpace(answer.Clean(a.Label.EN))}}
		if one.Key == "" {
			one.Key = fmt.Sprint(i + 1)
		}
		at, before := fmt.Sprintf("answers[%d]", i), len(*wrong)
		wrong.add(!answerKey().MatchString(one.Key), at+".key", "chỉ gồm tối đa 12 chữ thường không dấu và chữ số",
			fmt.Sprintf("the key %q of an answer must be up to 12 small letters and digits", one.Key))
		wrong.add(slices.ContainsFunc(list, func(o scheduler.BroadcastAnswer) bool { return o.Key == one.Key }), at+".key", "hai câu trả lời trùng khóa này",
			fmt.Sprintf("two answers have the key %q", one.Key))
		wrong.add(one.Label.VI == "" || utf8.RuneCountInString(one.Label.VI) > maxCastLabel || utf8.RuneCountInString(one.Label.EN) > maxCastLabel, at+".label",
			fmt.Sprintf("cần lời tiếng Việt, mỗi ngôn ngữ tối đa %d ký tự", maxCastLabel),
			fmt.Sprintf("answer %q needs a label in Vietnamese, of at most %d characters in each language", one.Key, maxCastLabel))
		if len(*wrong) > before {
			return nil
		}
		list = append(list, one)
	}
	return list
}

// segment reads the segment of a request, by its name or by its conditions.
func (s *BroadcastSpec) segment(tx Tx, b *Bot) (scheduler.Segment, error) {
	var name string
	if json.Unmarshal(s.Segment, &name) == nil && name != "" {
		seg, err := savedSegment(tx, name)
		return seg, wrongSegment(err)
	}
	if len(s.Segment) == 0 || string(s.Segment) == "null" {
		return scheduler.Segment{}, badRequest{castFaults{{"segment", dialogs.Text{VI: "đợt gửi chưa ghi nhóm nhận; {} là mọi người", EN: `"segment" is missing; {} is everybody`}}}}
	}
	seg, err := b.readSegment(s.Segment)
	return seg, wrongSegment(err)
}

// isPicture says whether a content type is that of a picture which networks show.
func isPicture(kind string) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/webp", "image/gif"}, kind)
}

// keepCastMedia stores the picture or document of a request.
func (b *Bot) keepCastMedia(ctx context.Context, m *BroadcastMedia) (dialogs.Media, error) {
	if m == nil {
		return dialogs.Media{}, nil
	}
	name := filepath.Base(m.Name)
	var wrong castFaults
	wrong.add(len(name) < 2 || filepath.Ext(name) == "", "media.name", "tên tệp cần có đuôi, như poster.png", `"media" needs a "name" with an ending, such as poster.png`)
	wrong.add(len(m.Bytes) == 0, "media.bytes", "chưa có tệp; gửi tệp dưới dạng base64", `"media" needs "bytes" in base64`)
	if err := wrong.refusal(); err != nil {
		return dialogs.Media{}, err
	}
	kind := mime.TypeByExtension(filepath.Ext(name))
	wrong.add(isPicture(kind) && !isPicture(http.DetectContentType(m.Bytes)), "media.bytes", "tệp "+name+" không phải là ảnh; chọn lại ảnh",
		name+" is no picture; choose another file")
	if err := wrong.refusal(); err != nil {
		return dialogs.Media{}, err
	}
	kept, err := b.keepMedia(ctx, name, kind, bytes.NewReader(m.Bytes))
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
