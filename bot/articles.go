package bot

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sachhon/content"
	"sachhon/dialogs"
)

// articles are the tips, leaflets and answers of the moment.
func (a *actions) articles() *content.Set { return a.b.set.Load() }

// worded puts values that content words into a talk.
func worded(words map[string]dialogs.Text) []dialogs.Answer {
	var list []dialogs.Answer
	for _, key := range slices.Sorted(maps.Keys(words)) {
		if words[key].Empty() {
			list = append(list, value(key, dialogs.Value{}))
			continue
		}
		list = append(list, both(key, words[key]))
	}
	return list
}

// tipTopics offers the topics there are tips on.
func (a *actions) tipTopics(*turn, map[string]string) (dialogs.Outcome, error) {
	tips := a.articles().Tips()
	var list []dialogs.Option
	for _, topic := range a.articles().Subjects().Topics {
		if slices.ContainsFunc(tips, func(t content.Tip) bool { return slices.Contains(t.Topics, topic.Key) }) {
			list = append(list, dialogs.Option{Key: topic.Key, Label: topic.Label})
		}
	}
	return offered(list), nil
}

// offered is the outcome of an action that offers choices.
func offered(list []dialogs.Option) dialogs.Outcome {
	if len(list) == 0 {
		return outcome("none")
	}
	out := outcome("some")
	out.Options = list
	return out
}

// tipList offers the tips of a sector or on a topic.
func (a *actions) tipList(_ *turn, args map[string]string) (dialogs.Outcome, error) {
	key := args["sector"] + args["topic"]
	var list []dialogs.Option
	for _, t := range a.tipShelf(key) {
		list = append(list, dialogs.Option{Key: t.ID + "_" + key, Label: t.Title})
	}
	out := offered(list)
	s := a.articles().Subjects()
	if subject, ok := content.SubjectIn(slices.Concat(s.Sectors, s.Topics), key); ok {
		out.Values = []dialogs.Answer{both("tip_shelf", subject.Name)}
	}
	return out, nil
}

// tipShelf lists the tips of a sector, its own before those for everybody, or
// on a topic; keys of sectors and topics are different.
func (a *actions) tipShelf(key string) []content.Tip {
	var own, common []content.Tip
	for _, t := range a.articles().Tips() {
		switch {
		case t.Sector == key || slices.Contains(t.Topics, key):
			own = append(own, t)
		case t.Sector == "all":
			common = append(common, t)
		}
	}
	if _, sector := content.SubjectIn(a.articles().Subjects().Sectors, key); sector {
		return append(own, common...)
	}
	return own
}

// tipShow words a tip: “t05”, or “t05_wood” when it was chosen from a list.
func (a *actions) tipShow(_ *turn, args map[string]string) (dialogs.Outcome, error) {
	id, key, _ := strings.Cut(strings.ToLower(args["id"]), "_")
	t, ok := a.articles().Tip(id)
	if !ok {
		return outcome("gone"), nil
	}
	words := a.articles().TipWords(&t)
	words["tip_next"] = dialogs.Text{VI: a.tipAfter(&t, key)}
	return outcome("ok", worded(words)), nil
}

// tipAfter names the tip after t in the list it was chosen from, the first one
// after the last; another one of all where that list holds nothing else.
func (a *actions) tipAfter(t *content.Tip, key string) string {
	if key == "" {
		key = t.Sector
	}
	list := a.tipShelf(key)
	if len(list) < 2 {
		list, key = a.articles().Tips(), "all"
	}
	at := slices.IndexFunc(list, func(o content.Tip) bool { return o.ID == t.ID })
	return list[(at+1)%len(list)].ID + "_" + key
}

// tipUseful counts whether a tip helped. Only the count is kept by tip; the
// contact keeps what they said, so that it counts once and can be changed.
func (a *actions) tipUseful(t *turn, args map[string]string) (dialogs.Outcome, error) {
	tip, ok := a.articles().Tip(args["id"])
	if !ok {
		return outcome("gone"), nil
	}
	said := "-"
	if args["useful"] == "yes" {
		said = "+"
	}
	votes := t.contact.Fact(factVotes).Keys()
	useful, not := 0, 0
	count := func(said string, by int) {
		if said == "+" {
			useful += by
		} else {
			not += by
		}
	}
	if slices.Contains(votes, said+tip.ID) {
		return outcome("again"), nil
	}
	votes = slices.DeleteFunc(votes, func(v string) bool {
		mine := v[1:] == tip.ID
		if mine {
			count(v[:1], -1)
		}
		return mine
	})
	count(said, 1)
	t.contact.Learn(factVotes, dialogs.ChoicesOf(append(votes, said+tip.ID)...))
	return outcome("ok"), t.tx.CountVote(tip.ID, useful, not)
}

// leafletList offers the leaflets.
func (a *actions) leafletList(*turn, map[string]string) (dialogs.Outcome, error) {
	var list []dialogs.Option
	for _, l := range a.articles().Leaflets() {
		list = append(list, dialogs.Option{Key: l.ID, Label: l.Title})
	}
	return offered(list), nil
}

// leafletShow words a page of a leaflet: “L3” is its first, “l3_2” its second.
func (a *actions) leafletShow(_ *turn, args map[string]string) (dialogs.Outcome, error) {
	id, page, _ := strings.Cut(strings.ToLower(args["id"]), "_")
	at, err := strconv.Atoi(page)
	if err != nil {
		at = 1
	}
	l, ok := a.articles().Leaflet(id)
	if !ok {
		return outcome("gone"), nil
	}
	words, ok := a.articles().LeafletWords(&l, at)
	if !ok {
		return outcome("gone"), nil
	}
	words["leaflet_next"] = dialogs.Text{VI: fmt.Sprintf("%s_%d", l.ID, at+1)}
	if words["leaflet_pdf"], err = a.leafletLine(l.ID); err != nil {
		return dialogs.Outcome{}, err
	}
	if at == len(l.Pages) {
		return outcome("last", worded(words)), nil
	}
	return outcome("page", worded(words)), nil
}

// maxFound is how many answers are offered: what one takes in at a glance.
const maxFound = 3

// answerSearch offers what is nearest to the words.
func (a *actions) answerSearch(t *turn, args map[string]string) (dialogs.Outcome, error) {
	hits, err := a.b.index.Load().Find(args["words"], maxFound)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	var list []dialogs.Option
	for _, hit := range hits {
		list = append(list, dialogs.Option{Key: hit.ID, Label: hit.Title})
	}
	out := offered(list)
	out.Values = []dialogs.Answer{text("words_short", shortened(args["words"]))}
	return out, nil
}

// maxQuoted is how much of a question is quoted back, in letters.
const maxQuoted = 80

func shortened(words string) string {
	r := []rune(strings.Join(strings.Fields(words), " "))
	if len(r) > maxQuoted {
		return string(r[:maxQuoted-1]) + "…"
	}
	return string(r)
}

// answerShow words what was chosen.
func (a *actions) answerShow(_ *turn, args map[string]string) (dialogs.Outcome, error) {
	id := strings.ToLower(args["id"])
	if _, ok := a.articles().Tip(id); ok {
		return outcome("tip", []dialogs.Answer{text("found", id)}), nil
	}
	if _, ok := a.articles().Leaflet(id); ok {
		return outcome("leaflet", []dialogs.Answer{text("found", id)}), nil
	}
	found, ok := a.articles().Answer(id)
	if !ok {
		return outcome("gone"), nil
	}
	out := outcome("answer", worded(a.articles().AnswerWords(&found)))
	for _, cmd := range a.lib().Commands() {
		if cmd.Key == found.Leads {
			out.Options = []dialogs.Option{{Key: cmd.Names[0], Label: cmd.Label}}
		}
	}
	return out, nil
}
