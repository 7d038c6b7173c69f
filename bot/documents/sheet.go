package documents

import "sachhon/dialogs"

// Sheet is the result of a self-check as it is shown: everything is decided and
// worded already, nothing is counted here. Texts are in the language of the
// sheet; empty ones are left out.
type Sheet struct {
	Lang       dialogs.Lang
	Title      string // of the self-check
	Agency     string // whose programme it is
	Enterprise string // who answered; may be empty, nobody has to say it
	Sector     string
	Date       string // as people write it, "24/11/2026"
	Version    string // of the questions
	Band       string // how it looks on the whole, in words; empty: too few answers
	Answered   int    // percent of the questions that were answered
	Sections   []SheetSection
	Actions    []SheetAction // in the order in which to do them
	Figures    []SheetFigure
	Unknown    []string // questions answered “Không biết”
	Answers    []SheetAnswer
	Disclaimer string // what the result is not; empty: the words of the package
	Reviewed   string // who reviewed the advice and when; empty: it says that nobody has
}

// SheetSection is how one part of the self-check came out.
type SheetSection struct {
	Name    string
	Band    string // in words
	Percent int    // 0–100, the length of the bar; -1: too few answers to say
}

// SheetAction is something worth doing.
type SheetAction struct {
	Title  string
	Why    string
	How    []string // steps
	Source string   // where the advice and its numbers are from
	Cost   string   // in words
	Safety bool     // it is about safety, and done by people trained for it
}

// SheetFigure is one of the enterprise's own numbers.
type SheetFigure struct {
	Name  string
	Value string // with its unit
	Was   string // the time before; empty: there is none
}

// SheetAnswer is one question with its answer. Answers of a section follow each
// other.
type SheetAnswer struct{ Section, Question, Answer string }

// disclaimer says what the result is not.
func (s Sheet) disclaimer() string {
	if s.Disclaimer != "" {
		return s.Disclaimer
	}
	return words.Disclaimer.In(s.Lang)
}

// band is how it looks on the whole.
func (s Sheet) band() string {
	if s.Band != "" {
		return s.Band
	}
	return words.TooFew.In(s.Lang)
}

// known says whether there is enough to say of the section.
func (s SheetSection) known() bool { return s.Percent >= 0 }

// band is the word of the section.
func (s SheetSection) band(lang dialogs.Lang) string {
	if s.known() {
		return s.Band
	}
	return words.Hidden.In(lang)
}

// share is the length of the bar from 0 to 1.
func (s SheetSection) share() float64 { return float64(max(0, min(s.Percent, 100))) / 100 }
