package bot

import (
	"strconv"
	"strings"

	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// pushName names a push in words, by its key: a tip by its title, what belongs to
// a class by that of the class. Of what is there no more it says what its key does.
func (a *actions) pushName(tx Tx, key string) (dialogs.Text, error) {
	kind, rest, _ := strings.Cut(key, "/")
	switch kind {
	case "tip":
		for _, tip := range a.articles().Tips() {
			if scheduler.TipKey(tip.ID) == key {
				return a.named("what.tip", map[string]dialogs.Text{"{a}": tip.Title}), nil
			}
		}
		return a.words("what.tip", "{a}", rest), nil
	case "tips_done":
		sector, _, _ := strings.Cut(rest, "/")
		subject, _ := content.SubjectIn(a.articles().Subjects().Sectors, sector)
		return a.named("what.tips_done", map[string]dialogs.Text{"{a}": subject.Name}), nil
	case pushFollowUp, pushCheckAgain:
		return a.checkPushName(tx, kind, rest)
	case pushNudge, pushAnswered:
		return a.words("what."+kind, "{a}", rest), nil
	default:
		return a.classPushName(tx, key)
	}
}

// checkPushName names what follows a self-check.
func (a *actions) checkPushName(tx Tx, kind, check string) (dialogs.Text, error) {
	n, err := strconv.ParseUint(check, 10, 64)
	if err != nil {
		return a.words("what."+kind, "{a}", check), nil
	}
	c, ok, err := tx.Assessment(n)
	if err != nil || !ok {
		return a.words("what."+kind, "{a}", check), err
	}
	return a.named("what."+kind, map[string]dialogs.Text{"{a}": a.day(c.Created)}), nil
}

// classPushName names a reminder, a notice or a point of a campaign. Their keys
// are reminder/registration/which, notice/registration and
// campaign/registration/point.
func (a *actions) classPushName(tx Tx, key string) (dialogs.Text, error) {
	parts := strings.Split(key, "/")
	values := map[string]dialogs.Text{"{a}": {VI: key, EN: key}}
	if len(parts) > 1 {
		if _, c, ok, err := withClass(tx, parts[1]); err != nil {
			return dialogs.Text{}, err
		} else if ok {
			values["{a}"] = c.Title
		}
	}
	name := "what." + parts[0]
	if parts[0] == pushReminder && len(parts) == 3 {
		values["{b}"] = a.words("reminder." + strings.TrimPrefix(parts[2], "-"))
	} else if _, point, _, ok := a.b.pointOf(key); ok {
		name = "what." + point.Push
	}
	if a.lib().Text(name) == (dialogs.Text{}) {
		name = "what.point"
	}
	return a.named(name, values), nil
}

// named fills a wording's {placeholders} with what each is in both languages.
func (a *actions) named(key string, values map[string]dialogs.Text) dialogs.Text {
	return twice(func(lang dialogs.Lang) string {
		var pairs []string
		for hole, v := range values {
			pairs = append(pairs, hole, v.In(lang))
		}
		return a.filled(key, lang, pairs...)
	})
}
