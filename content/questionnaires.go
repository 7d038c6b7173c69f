package content

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"sachhon/dialogs"
)

// questionnairePage is a questionnaire as it was read, with the places of its
// questions.
type questionnairePage struct {
	*page
	set *dialogs.Questionnaire // nil: there is none to be had
	at  map[string]place
}

// readQuestionnaire reads one file of questionnaires/.
func readQuestionnaire(fsys fs.FS, name string) *questionnairePage {
	p, root := readPage(fsys, name)
	q := &questionnairePage{page: p, at: map[string]place{}}
	if root == nil {
		return q
	}
	top := p.fields(root, "a questionnaire", "questionnaire", "title", "sectors", "reviewed_by", "reviewed_on", "sections", "questions")
	q.set = &dialogs.Questionnaire{Key: top.key("questionnaire"), Sectors: top.keys("sectors"),
		ReviewedBy: top.str("reviewed_by"), ReviewedOn: top.str("reviewed_on")}
	if q.set.Title = top.text("title", worded{role: line}); !top.has("title") {
		p.fail(root, "the questionnaire has no title", "write title: {vi: …, en: …}")
	}
	for _, n := range top.items("sections") {
		d := p.fields(n, "a section", "key", "title")
		q.set.Sections = append(q.set.Sections, dialogs.Section{Key: d.key("key"), Title: d.text("title", worded{role: line})})
	}
	for _, n := range top.items("questions") {
		q.set.Questions = append(q.set.Questions, q.question(n))
	}
	if len(q.set.Questions) == 0 {
		p.fail(root, "the questionnaire asks nothing", "write questions: and at least one below it")
	}
	q.set.Hash = hashOf(q.set)
	return q
}

func (q *questionnairePage) question(n ast.Node) *dialogs.CheckQuestion {
	d := q.fields(n, "a question of a questionnaire", "key", "section", "weight", "safety", "not_applicable", "ask", "advice")
	c := &dialogs.CheckQuestion{Key: d.key("key"), Section: d.str("section"), Weight: int(d.number("weight")),
		Safety: d.flag("safety"), NotApplicable: d.flag("not_applicable"), Text: d.text("ask", worded{role: line})}
	q.at[c.Key] = placeOf(n)
	if !d.has("ask") {
		q.fail(n, "the question asks nothing", "write ask: {vi: …, en: …}")
	}
	if !slices.ContainsFunc(q.set.Sections, func(s dialogs.Section) bool { return s.Key == c.Section }) {
		q.note(d.place("section"), Error, "the section “"+c.Section+"” is not there", "use one of this file's sections")
	}
	if w := d.str("weight"); w != strconv.Itoa(c.Weight) || c.Weight < 1 || c.Weight > 3 {
		q.note(d.place("weight"), Error, "the weight “"+w+"” is not 1, 2 or 3", "write 3 for a large cost or safety, 1 for the least")
	}
	if c.Safety && c.Weight != 3 {
		q.note(d.place("safety"), Error, "a question of safety weighs 3", "write weight: 3, or take safety out")
	}
	e, ok := d.find("advice")
	if !ok || e.value == nil {
		q.fail(n, "the question has no advice for a low answer", "write advice: with title, why, how, source and cost")
		return c
	}
	q.advice(&c.Advice, q.fields(e.value, "an advice", "title", "why", "how", "source", "cost", "tip", "leaflet"))
	return c
}

func (q *questionnairePage) advice(a *dialogs.Advice, d fields) {
	part := worded{role: line}
	a.Title, a.Why, a.Source = d.text("title", part), d.text("why", part), d.text("source", part)
	for _, n := range d.items("how") {
		a.How = append(a.How, q.text(n, part))
	}
	for _, name := range []string{"title", "why", "how", "source"} {
		if !d.has(name) {
			q.fail(d.at, "the advice has no “"+name+"”", "write it, in both languages")
		}
	}
	a.Cost, a.Tip, a.Leaflet = dialogs.Cost(d.str("cost")), d.str("tip"), d.str("leaflet")
	costs := []string{string(dialogs.CostNone), string(dialogs.CostLow), string(dialogs.CostInvest)}
	if !slices.Contains(costs, string(a.Cost)) {
		q.note(d.place("cost"), Error, "the cost “"+string(a.Cost)+"” is not known", "use one of: "+join(costs))
	}
}

// hashOf is the content hash of a flow or questionnaire: the same words, the
// same hash, however the file is spaced and commented.
func hashOf(v any) dialogs.Hash {
	b, err := json.Marshal(v)
	if err != nil {
		panic("hash content: " + err.Error()) // plain structs of strings and numbers
	}
	sum := sha256.Sum256(b)
	return dialogs.Hash(binary.BigEndian.Uint64(sum[:8]))
}

// Questionnaires returns all question sets: those asked of everybody first,
// then by key.
func (s *Set) Questionnaires() []*dialogs.Questionnaire { return s.questionnaires }

// QuestionnairesFor returns the sets that somebody of this sector answers; only
// the general one when no set is made for it.
func (s *Set) QuestionnairesFor(sector string) []*dialogs.Questionnaire {
	var list []*dialogs.Questionnaire
	for _, q := range s.questionnaires {
		if q.For(sector) {
			list = append(list, q)
		}
	}
	return list
}

func sortQuestionnaires(list []*dialogs.Questionnaire) {
	slices.SortFunc(list, func(a, b *dialogs.Questionnaire) int {
		if general := len(a.Sectors) == 0; general != (len(b.Sectors) == 0) {
			if general {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Key, b.Key)
	})
}

// scale are the choices of every question of a self-check, from the lowest.
// Further spellings let people answer in their own short words.
func scale(texts map[string]dialogs.Text) []dialogs.Choice {
	also := [][]string{
		{"chưa", "chưa có gì", "không", "chưa làm", "no", "none", "not yet"},
		{"một phần", "làm một phần", "thỉnh thoảng", "partly", "sometimes"},
		{"làm đều nhưng chưa ghi chép", "chưa ghi chép", "chưa ghi", "not recorded"},
		{"làm đều và có ghi chép", "có ghi chép", "có ghi", "recorded"},
	}
	choices := make([]dialogs.Choice, dialogs.TopGrade+1)
	for grade := range choices {
		choices[grade] = dialogs.Choice{Key: strconv.Itoa(grade), Label: texts["scale."+strconv.Itoa(grade)], Also: also[grade]}
	}
	return choices
}

// expand puts the questions of the questionnaires into the forms that name them.
func (b *folder) expand() {
	sets := map[string]*dialogs.Questionnaire{}
	var keys []string
	for _, q := range b.questionnaires {
		if q.set != nil {
			sets[q.set.Key] = q.set
			keys = append(keys, q.set.Key)
		}
	}
	choices := scale(b.content.Texts)
	for _, f := range b.flows {
		// A flow is as old as its own words, its questions and the scale.
		hashes := []dialogs.Hash{f.flow.Hash}
		for _, n := range f.flow.Nodes {
			for _, key := range n.Questionnaires {
				if set := sets[key]; set != nil {
					f.take(n, set, choices)
					hashes = append(hashes, set.Hash)
					continue
				}
				f.note(f.at[n.Key], Error, "the questionnaire “"+key+"” is not there", "use one of: "+join(keys))
			}
		}
		if len(hashes) > 1 {
			f.flow.Hash = hashOf([]any{hashes, choices})
		}
	}
}

// take appends a set's questions to a form. Those of one sector are met by
// whoever said so, in a choice or by the link they came through.
func (f *flowPage) take(form *dialogs.Node, set *dialogs.Questionnaire, scale []dialogs.Choice) {
	var relevant *dialogs.Expr
	if len(set.Sectors) > 0 {
		source := "sector in ['" + strings.Join(set.Sectors, "', '") + "']"
		var err error
		if relevant, err = dialogs.NewExpr(source); err != nil {
			f.note(f.at[form.Key], Error, "the sectors of “"+set.Key+"” cannot be read", "use a–z, digits and _")
			return
		}
		f.conditions = append(f.conditions, condition{relevant, form.Key, f.at[form.Key]})
	}
	for _, q := range set.Form(scale, relevant) {
		if _, twice := f.at[q.Key]; twice {
			f.note(f.at[form.Key], Error, "the key “"+q.Key+"” is used twice in this flow", "give the question or the node another key")
			continue
		}
		f.at[q.Key] = f.at[form.Key]
		form.Form = append(form.Form, q)
	}
}
