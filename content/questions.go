package content

import (
	"slices"
	"strings"

	"sachhon/dialogs"
)

// questionTypes are the types that ask: takes; choose and choose_many imply theirs.
var questionTypes = []string{"text", "name", "phone", "email", "taxcode", "integer", "decimal", "date", "yesno", "place", "file"}

// purposes are what a person can agree to (Law 91/2025/QH15: each on its own).
var purposes = []string{"class", "selfcheck", "tips", "sharing"}

// question reads what a node asks.
func (f *flowPage) question(node *dialogs.Node, kind string, d fields) {
	said := worded{flow: f.flow.Key, node: node.Key}
	part := said
	part.role = line
	press := said
	press.role = label
	q := &dialogs.Question{
		Type: f.questionType(kind, d), Label: d.text("label", part), Hint: d.text("hint", part), Example: d.text("example", part),
		From: d.str("from"), Optional: d.flag("optional"), Skip: d.text("skip", press), Unknown: d.flag("unknown"), NotApplicable: d.flag("not_applicable"),
		Constraint: f.condition(d, "constraint", node.Key), Broken: d.text("broken", part),
		Known: d.str("known"), KnownWhen: f.condition(d, "known_when", node.Key),
		Unit: d.str("unit"), Min: d.number("min"), Max: d.number("max"),
	}
	for _, n := range d.items("choices") {
		c := f.fields(n, "a choice", "key", "was", "label", "also", "next", "relevant")
		choice := dialogs.Choice{Key: c.key("key"), Was: c.keys("was"), Label: c.text("label", press), Also: c.strs("also"),
			Next: c.str("next"), Relevant: f.condition(c, "relevant", node.Key)}
		if slices.ContainsFunc(q.Choices, func(o dialogs.Choice) bool { return o.Key == choice.Key }) {
			f.fail(n, "two choices have the key “"+choice.Key+"”", "give one of them another key")
		}
		if !c.has("label") {
			f.fail(n, "the choice has no label", "write label: {vi: …, en: …}")
		}
		f.way(node.Key, choice.Next, c.place("next"))
		q.Choices = append(q.Choices, choice)
	}
	if kind != "ask" && len(q.Choices) == 0 && q.From == "" {
		f.fail(d.at, "there is nothing to choose from", "write choices: or from:")
	}
	node.Question, node.Final, node.Consent = q, d.flag("final"), d.str("consent")
	f.personal[node.Key] = d.flag("personal") || slices.Contains([]dialogs.QuestionType{
		dialogs.TypeName, dialogs.TypePhone, dialogs.TypeEmail, dialogs.TypeTaxCode, dialogs.TypeFile}, q.Type)
	if node.Consent != "" && !slices.Contains(purposes, node.Consent) {
		e, _ := d.find("consent")
		f.unknown(e.value, node.Consent, "consent", purposes)
	}
}

func (f *flowPage) questionType(kind string, d fields) dialogs.QuestionType {
	e, given := d.find("type")
	switch kind {
	case "choose", "choose_many":
		if given {
			f.fail(e.key, "“"+kind+"” takes no type", "take type out, or use ask")
		}
		if kind == "choose" {
			return dialogs.TypeChoice
		}
		return dialogs.TypeChoices
	}
	if !given {
		return dialogs.TypeText
	}
	t := d.str("type")
	if !slices.Contains(questionTypes, t) {
		f.unknown(e.value, t, "a question's type", questionTypes)
	}
	return dialogs.QuestionType(t)
}

func join(list []string) string { return strings.Join(list, ", ") }
