package webchat

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// entryView is an entry of the transcript as the template shows it.
type entryView struct {
	W       *words
	Key     string // id of the element
	Seq     uint64 // 0: a preview
	Class   string // "person", "bot" or "staff"
	Who     string
	Lang    dialogs.Lang // where it is not the page's; else empty
	Hidden  bool         // the page's own doing, which nobody said
	Runs    []run
	Media   []mediaView
	Rows    [][]dialogs.Button // choices that can be pressed now
	Push    bool
	Pressed string // the ID of the button that a person pressed
	Hint    dialogs.InputHint
	Stamp   string // machine-readable time
	Clock   string
	ShowDay bool
	Day     string // machine-readable
	DayNear string
	DayFull string
	Fields  fields
}

// mediaView is a file of an entry.
type mediaView struct {
	Image bool
	URL   string // empty in a preview
	Alt   string
	Name  string
	Note  string // kind and size: "PDF, 120 kB"
}

// fields are what every form carries besides what is pressed or typed.
type fields struct {
	ID    string // makes the post act once
	Lang  string // the language of a newcomer; empty: chosen already
	Fresh bool   // the form belongs to a preview: Begin and Start count
	Begin string // the id of the previewed turn
	Start string // its payload
}

// viewer turns entries into views for one page.
type viewer struct {
	lang     dialogs.Lang
	location *time.Location
	now      time.Time
	fields   fields
	everyDay bool // name the day of each entry: a fragment's reader knows the one before
}

func (v viewer) entries(list []channel.Entry, live []bool) []entryView {
	out := make([]entryView, 0, len(list))
	day := ""
	for i, e := range list {
		view := v.entry(e)
		if live[i] {
			view.Rows = pressable(e.Message.Buttons)
		}
		if !view.Hidden {
			view.ShowDay = v.everyDay || view.Day != day
			day = view.Day
		}
		out = append(out, view)
	}
	return out
}

func (v viewer) entry(e channel.Entry) entryView {
	at := e.At.In(v.location)
	w := wordsIn(v.lang)
	view := entryView{
		W: w, Key: fmt.Sprint("m", e.Seq), Seq: e.Seq, Hidden: isOpening(e),
		Runs: runs(e.Message.Text, e.Message.Format), Push: e.Push, Pressed: e.Button, Hint: e.Message.Hint,
		Stamp: at.Format(time.RFC3339), Clock: clock(at, v.lang),
		Day: isoDay(at), DayNear: nearDay(at, v.now.In(v.location), v.lang), DayFull: fullDay(at, v.lang),
		Fields: v.fields,
	}
	view.Class, view.Who = "bot", w.Bot
	switch e.From {
	case channel.FromPerson:
		view.Class, view.Who = "person", w.Me
	case channel.FromStaff:
		view.Class, view.Who = "staff", w.Staff
	}
	if lang := textLang(e.Message.Text, e.From == channel.FromBot); lang != v.lang {
		view.Lang = lang
	}
	for i, m := range e.Message.Media {
		view.Media = append(view.Media, v.media(e.Seq, i, m))
	}
	return view
}

// previews turns the entries of a turn that was not kept into views: what the
// person would have said is left out, and so are the numbers, which will be
// others.
func (v viewer) previews(list []channel.Entry, after string) []entryView {
	v.fields.Fresh = true
	var out []entryView
	for _, e := range list {
		if e.From == channel.FromPerson {
			continue
		}
		e.Seq = 0
		view := v.entry(e)
		view.Key = fmt.Sprint("p", len(out)+1)
		view.Rows = pressable(e.Message.Buttons)
		view.ShowDay = view.Day != after
		after = view.Day
		out = append(out, view)
	}
	return out
}

func (v viewer) media(seq uint64, index int, m dialogs.Media) mediaView {
	view := mediaView{Image: m.Kind == dialogs.Image, Alt: m.Alt, Name: m.Name, Note: fileNote(m, v.lang)}
	if view.Alt == "" {
		view.Alt = m.Name
	}
	if seq > 0 {
		view.URL = "/media/" + strconv.FormatUint(seq, 10) + "/" + strconv.Itoa(index)
	}
	return view
}

// pressable leaves out what a browser cannot do and rows that are empty then.
func pressable(rows [][]dialogs.Button) [][]dialogs.Button {
	var out [][]dialogs.Button
	for _, row := range rows {
		var kept []dialogs.Button
		for _, b := range row {
			if !b.SharePhone && (b.ID != "" || isWebURL(b.URL)) {
				kept = append(kept, b)
			}
		}
		if len(kept) > 0 {
			out = append(out, kept)
		}
	}
	return out
}

func isWebURL(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

const openingCommand = "/start"

// isOpening says whether an entry is the turn by which the page began the
// conversation.
func isOpening(e channel.Entry) bool {
	first, _, _ := strings.Cut(e.Message.Text, " ")
	return e.From == channel.FromPerson && first == openingCommand && len(e.Message.Media) == 0
}

// fileNote says what a file is and how large: "PDF, 1,2 MB".
func fileNote(m dialogs.Media, lang dialogs.Lang) string {
	ending := ""
	if i := strings.LastIndexByte(m.Name, '.'); i >= 0 && len(m.Name)-i <= 6 {
		ending = strings.ToUpper(m.Name[i+1:])
	}
	size := channel.FileSize(m.Size, lang)
	if ending == "" || size == "" {
		return ending + size
	}
	return ending + ", " + size
}
