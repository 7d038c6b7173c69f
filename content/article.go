package content

import (
	"sachhon/dialogs"
)

// Article is what tips, leaflets and answers have in common: a text with where
// it comes from and what it is about.
type Article struct {
	// ID is stable and unique among all articles: “t01”, “l3”, “a12”.
	ID    string
	Title dialogs.Text
	// Sector is the key of a sector of subjects.yaml; “all” is for everybody.
	Sector string
	// Topics are keys of subjects.yaml, the main one first.
	Topics []string
	Source Source
	// Reference marks figures that are shown “for reference”: from one plant,
	// another country or a rule of thumb, never a norm.
	Reference bool
	// Safety marks work for certified people or maintenance staff only.
	Safety bool
	Review Review
	// Also are other wordings under which people look for it.
	Also []string
	// Blocks are the body, by language, for whoever prints it.
	Blocks map[dialogs.Lang][]Block
}

// Source is where an article takes its facts from. The zero Source is none.
type Source struct {
	Name dialogs.Text
	// Year of the source; 0: common practice without a year.
	Year int
	// Country is a key of subjects.yaml; "": none.
	Country string
}

// Review says which expert looked at an article and when (an ISO date). The
// zero Review is shown to people as not reviewed yet.
type Review struct{ By, On string }

// Done says whether an expert has looked at it.
func (r Review) Done() bool { return r.By != "" && r.On != "" }

// Tip is one saving tip, short enough for one message.
type Tip struct {
	Article
	// Group is the kind of solution: GH, OR, PC, …, by the Vietnamese method.
	Group string
	// Cost is what it needs: none, low or invest.
	Cost string
	// Gist says what to do in a sentence or two, Why what for, Steps how, a
	// numbered line each.
	Gist, Why, Steps dialogs.Text
}

// Leaflet is a sheet read page by page in a chat, or printed from its Blocks.
type Leaflet struct {
	Article
	// Pages are its sections, each one message.
	Pages []Page
}

// Page is one section of a leaflet.
type Page struct{ Heading, Text dialogs.Text }

// Answer is an answer to a question that people often ask.
type Answer struct {
	Article
	Text dialogs.Text
	// Leads is the key of the command that helps on, such as “register”; "": none.
	Leads string
}

// BlockKind says what a [Block] is.
type BlockKind uint8

// The kinds of blocks.
const (
	// Heading starts a section.
	Heading BlockKind = iota + 1
	// Paragraph is running text.
	Paragraph
	// Bullets and Numbered are lists; Checklist is one to tick off on paper.
	Bullets
	Numbered
	Checklist
	// Table has its head in the first row; empty rows below it are to be filled
	// in by hand.
	Table
	// Quote sets a figure with its source apart.
	Quote
)

// Block is one part of a body. Text, Items and Rows may hold **strong** runs
// and no other marks; which of them is filled depends on Kind.
type Block struct {
	Kind  BlockKind
	Text  string     // Heading, Paragraph, Quote; lines separated by \n
	Items []string   // Bullets, Numbered, Checklist
	Rows  [][]string // Table
}

// Tips returns the saving tips in the order of their files. Files that cannot
// be read are left out; [Check] tells of them.
func (s *Set) Tips() []Tip { return s.shelf().tips }

// Leaflets returns the leaflets in the order of their files.
func (s *Set) Leaflets() []Leaflet { return s.shelf().leaflets }

// Answers returns the answers to common questions in the order of their files.
func (s *Set) Answers() []Answer { return s.shelf().answers }

// Subjects returns the lists of sectors, topics and so on.
func (s *Set) Subjects() Subjects { return s.shelf().subjects }

// Tip returns the tip with this id; false when there is none.
func (s *Set) Tip(id string) (Tip, bool) {
	return byID(s.Tips(), id, func(t *Tip) string { return t.ID })
}

// Leaflet returns the leaflet with this id; false when there is none.
func (s *Set) Leaflet(id string) (Leaflet, bool) {
	return byID(s.Leaflets(), id, func(l *Leaflet) string { return l.ID })
}

// Answer returns the answer with this id; false when there is none.
func (s *Set) Answer(id string) (Answer, bool) {
	return byID(s.Answers(), id, func(a *Answer) string { return a.ID })
}

func byID[T any](list []T, id string, of func(*T) string) (T, bool) {
	for i := range list {
		if of(&list[i]) == id {
			return list[i], true
		}
	}
	var none T
	return none, false
}
