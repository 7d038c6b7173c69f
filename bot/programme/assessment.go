package programme

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sachhon/dialogs"
	"sachhon/dialogs/answer"
	"sachhon/dialogs/score"
)

// Assessment is one preliminary self-check (tự đánh giá sơ bộ) as it was
// answered and what it came to. It is what people said of themselves, unverified:
// in reports it is never counted as a quick assessment (đánh giá nhanh), which
// an expert makes on site. Times are whole seconds, UTC.
type Assessment struct {
	ID uint64 `json:"id"` // counts from 1
	// Contact is who answered; empty: they were deleted.
	Contact string `json:"contact,omitempty"`
	// Run is the number of the contact's talk: the same talk has one assessment,
	// however often its result is asked for.
	Run uint32 `json:"run,omitempty"`
	// Enterprise and TaxCode are what was known of the contact then.
	Enterprise string `json:"enterprise,omitempty"`
	TaxCode    string `json:"tax_code,omitempty"`
	// Sector is one of the four, or SectorOther: only the general questions.
	Sector string `json:"sector"`
	// Version is the hash of the question sets that were asked.
	Version string `json:"version"`
	// Answers are grades "0" to "3", "?" (don't know) and "-" (doesn't apply) by
	// the key of the question.
	Answers  map[string]string `json:"answers"`
	Figures  Figures           `json:"figures,omitzero"`
	Band     score.Band        `json:"band,omitempty"` // over all sections
	Answered int               `json:"answered"`       // percent of the weight that applies
	Sections []SectionBand     `json:"sections,omitempty"`
	// Actions are the keys of the questions whose advice was given, in order.
	Actions []string `json:"actions,omitempty"`
	// Done are those of Actions that the person said were carried out, by
	// Followed; a zero Followed: they were not asked, or did not answer.
	Done     []string  `json:"done,omitempty"`
	Followed time.Time `json:"followed,omitzero"`
	Created  time.Time `json:"created"`
}

// SectionBand is the result of one section; Percent is for drawing only, −1
// where too little was answered.
type SectionBand struct {
	Key     string     `json:"key"`
	Band    score.Band `json:"band,omitempty"`
	Percent int        `json:"percent"`
}

// Figures are what the enterprise used and made in one month, in its own words.
// 0: not given.
type Figures struct {
	Power  float64 `json:"power_kwh,omitempty"`
	Water  float64 `json:"water_m3,omitempty"`
	Output float64 `json:"output,omitempty"`
	Unit   string  `json:"unit,omitempty"` // of Output
}

// SectorOther is the sector of those for whom no question set is made.
const SectorOther = "other"

// PowerPerUnit is kWh per unit of product; false where that cannot be said.
func (f Figures) PowerPerUnit() (float64, bool) { return ratio(f.Power, f.Output) }

// WaterPerUnit is m³ per unit of product; false where that cannot be said.
func (f Figures) WaterPerUnit() (float64, bool) { return ratio(f.Water, f.Output) }

// ratio is rounded to two significant digits: the figures are people's own, and
// more would look measured.
func ratio(a, b float64) (float64, bool) {
	if a <= 0 || b <= 0 {
		return 0, false
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(a/b, 'g', 2, 64), 64)
	return r, err == nil && !math.IsInf(r, 0) && r > 0
}

// SameUnit says whether both are per the same unit of product, so that they may
// be held against each other.
func (f Figures) SameUnit(o Figures) bool { return f.Unit == o.Unit }

// AssessmentRecords keeps assessments, inside one transaction.
type AssessmentRecords interface {
	// Assessment returns an assessment; false when there is none.
	Assessment(id uint64) (Assessment, bool, error)
	// PutAssessment keeps a; a new one (ID 0) gets its number.
	PutAssessment(a *Assessment) error
	// Assessments calls fn for every assessment, the oldest first, until it
	// returns false.
	Assessments(fn func(Assessment) bool) error
	// ContactAssessments does so for those of one contact.
	ContactAssessments(contact string, fn func(Assessment) bool) error
	// SectorBands calls fn with the latest band of each enterprise of a sector
	// until it returns false.
	SectorBands(sector string, fn func(score.Band) bool) error
}

// AssessmentRequest is a self-check that was answered.
type AssessmentRequest struct {
	Contact             string
	Run                 uint32
	Enterprise, TaxCode string
	Sector              string
	Answers             []dialogs.Answer // others than to the sets' questions are passed over
	Figures             Figures
}

// Assess weighs a self-check and keeps it. A second time for the same talk
// replaces the first. The assessment before it, of the same contact and sector,
// comes back too; nil: there is none.
func Assess(records AssessmentRecords, req AssessmentRequest, sets []*dialogs.Questionnaire, now time.Time) (Assessment, *Assessment, error) {
	res := score.Of(sets, req.Answers)
	a := Assessment{
		Contact: req.Contact, Run: req.Run, Enterprise: oneLine(req.Enterprise), TaxCode: req.TaxCode, Sector: req.Sector,
		Version: dialogs.VersionOf(sets), Answers: codes(sets, req.Answers), Figures: req.Figures,
		Band: res.Overall.Band(), Answered: res.Overall.Share(), Created: second(now),
	}
	for _, s := range res.Sections {
		a.Sections = append(a.Sections, SectionBand{s.Key, s.Band(), s.Percent()})
	}
	for _, q := range res.Actions {
		a.Actions = append(a.Actions, q.Key)
	}
	var before *Assessment
	err := records.ContactAssessments(req.Contact, func(o Assessment) bool {
		switch {
		case o.Run == req.Run:
			a.ID, a.Created = o.ID, o.Created
		case o.Sector == req.Sector:
			before = &o
		}
		return true
	})
	if err != nil {
		return a, nil, fmt.Errorf("look for the last self-check: %w", err)
	}
	if err := records.PutAssessment(&a); err != nil {
		return a, nil, fmt.Errorf("keep self-check: %w", err)
	}
	return a, before, nil
}

// codes are the answers as the record keeps them.
func codes(sets []*dialogs.Questionnaire, answers []dialogs.Answer) map[string]string {
	asked := map[string]bool{}
	for _, set := range sets {
		for _, q := range set.Questions {
			asked[q.Key] = true
		}
	}
	kept := map[string]string{}
	for _, a := range answers {
		if !asked[a.Node] {
			continue
		}
		switch _, graded := dialogs.Grade(a.Value); {
		case graded:
			kept[a.Node] = a.Value.Text
		case a.Value.Kind == dialogs.UnknownValue:
			kept[a.Node] = "?"
		case a.Value.Kind == dialogs.NotApplicableValue:
			kept[a.Node] = "-"
		}
	}
	return kept
}

// Given returns the answers as the person gave them, by the key of the question.
func (a *Assessment) Given() []dialogs.Answer {
	var out []dialogs.Answer
	for key, code := range a.Answers {
		v := dialogs.ChoiceOf(code)
		switch code {
		case "?":
			v = dialogs.Value{Kind: dialogs.UnknownValue}
		case "-":
			v = dialogs.Value{Kind: dialogs.NotApplicableValue}
		}
		out = append(out, dialogs.Answer{Node: key, Value: v})
	}
	slices.SortFunc(out, func(x, y dialogs.Answer) int { return strings.Compare(x.Node, y.Node) })
	return out
}

// Risen lists the sections whose band is higher than it was, in order.
func (a *Assessment) Risen(was *Assessment) []string {
	var keys []string
	for _, s := range a.Sections {
		i := slices.IndexFunc(was.Sections, func(o SectionBand) bool { return o.Key == s.Key })
		if i >= 0 && was.Sections[i].Band != score.Hidden && s.Band.Rank() > was.Sections[i].Band.Rank() {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// MarkDone notes which of the advised actions were carried out; keys that were
// not advised are passed over.
func (a *Assessment) MarkDone(keys []string, now time.Time) {
	a.Done = nil
	for _, key := range a.Actions {
		if slices.Contains(keys, key) {
			a.Done = append(a.Done, key)
		}
	}
	a.Followed = second(now)
}

// Nameless returns a with nothing left of the person or the enterprise, for
// when their data is deleted: sector, answers and bands stay for the numbers.
func (a *Assessment) Nameless() Assessment {
	n := *a
	n.Contact, n.Run, n.Enterprise, n.TaxCode, n.Figures = "", 0, "", "", Figures{}
	return n
}

// PeerKey names whose latest assessment counts among its sector: the enterprise
// by tax code or name, else the contact; "" when it is nameless.
func (a *Assessment) PeerKey() string {
	if a.Contact == "" {
		return ""
	}
	if key := enterpriseKey(a.TaxCode, a.Enterprise); key != "" {
		return "e" + key
	}
	return "c" + a.Contact
}

// enterpriseKey names an enterprise: the first ten digits of the tax code,
// which branches share with their parent, else the folded name.
func enterpriseKey(taxCode, name string) string {
	digits := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, taxCode)
	if len(digits) == 10 || len(digits) == 13 {
		return digits[:10]
	}
	return answer.Fold(name)
}

// MinPeers is from how many enterprises on a sector's bands are told: in fewer,
// people would guess who is who.
const MinPeers = 10

// Peers counts the enterprises of a sector by the band of their latest
// self-check. It ranks nobody.
type Peers struct{ Start, Basis, Good int }

// All is how many enterprises were counted.
func (p Peers) All() int { return p.Start + p.Basis + p.Good }

// PeersOf counts a sector; false when it has fewer than MinPeers enterprises.
func PeersOf(records AssessmentRecords, sector string) (p Peers, ok bool, err error) {
	err = records.SectorBands(sector, func(b score.Band) bool {
		switch b {
		case score.Start:
			p.Start++
		case score.Basis:
			p.Basis++
		case score.Good:
			p.Good++
		}
		return true
	})
	return p, err == nil && p.All() >= MinPeers, err
}

// FollowUpAt is when the person is asked what was carried out: 30 days after
// the check. Whether anything may be sent then is the caller's to know.
func FollowUpAt(checked time.Time) time.Time { return checked.AddDate(0, 0, 30) }

// AgainAt is when it is offered to check anew: six months after the check.
func AgainAt(checked time.Time) time.Time { return checked.AddDate(0, 6, 0) }

// CheckDeadline is how long after its time such a message is still sent.
const CheckDeadline = 14 * 24 * time.Hour
