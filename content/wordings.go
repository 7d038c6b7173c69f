package content

import (
	"io/fs"
	"slices"
	"strings"

	"sachhon/dialogs"
	"sachhon/scheduler"
)

// reasonTexts are the keys of the words for why somebody does not get a push.
func reasonTexts() []string {
	var keys []string
	for _, r := range slices.Concat(scheduler.Reasons(), scheduler.BroadcastReasons(), []scheduler.Reason{scheduler.ForUnplanned}) {
		keys = append(keys, "reason."+string(r))
	}
	return keys
}

// programmeTexts are the wordings from which the program makes the values of
// flows and pushes, beside those the engine itself needs.
var programmeTexts = []string{
	"turn.failed", "turn.late",
	"broadcast.label", "broadcast.refuse", "broadcast.picture",
	"why.sent", "why.repeated", "why.queued", "why.waiting", "why.aside", "why.held", "why.paused", "why.failed", "why.skipped",
	"rehearse.broadcast", "rehearse.campaigns", "rehearse.people", "rehearse.invented", "rehearse.faults.none", "rehearse.faults.usual",
	"rehearse.faults.bad", "rehearse.total", "rehearse.outside", "rehearse.nobody", "rehearse.when", "rehearse.takes",
	"rehearse.busiest", "rehearse.skipped", "rehearse.failed", "rehearse.later", "rehearse.held", "rehearse.more", "rehearse.line", "rehearse.waits",
	"rehearse.pull", "rehearse.repeated", "rehearse.tips_out", "rehearse.kept_day", "rehearse.kept", "rehearse.broken", "rehearse.nothing",
	"rehearse.seconds", "rehearse.minutes", "rehearse.hours", "rehearse.days", "rehearse.by_hour", "rehearse.by_day", "rehearse.unkept",
	"rehearse.column.contact", "rehearse.column.channel", "rehearse.column.language", "rehearse.column.key", "rehearse.column.state",
	"rehearse.column.at", "rehearse.column.why", "rehearse.state.sent", "rehearse.state.failed", "rehearse.state.skipped",
	"what.tip", "what.tips_done", "what.reminder", "what.offered", "what.offer_expired", "what.moved_up", "what.class_moved",
	"what.class_cancelled", "what.class_feedback", "what.class_follow_up", "what.point", "what.check_followup", "what.check_again",
	"what.nudge", "what.answered", "what.broadcast",
	"told.planned", "told.refused", "told.sent", "told.late", "told.postponed", "told.dropped", "told.failed",
	"why.outside", "why.newer", "why.unplanned", "why.unknown", "why.not_begun", "why.over", "why.thinned",
	"telegram.description", "telegram.short", "telegram.group", "telegram.private", "telegram.away", "telegram.number",
	"class.seats.left", "class.seats.one", "class.seats.full",
	"reminder.3d", "reminder.1d", "reminder.2h", "reminder.two", "reminder.three", "attendees.two", "attendees.more",
	"status.seat", "status.waiting", "status.offered", "status.cancelled", "status.attended", "status.absent",
	"privacy.nothing", "privacy.name", "privacy.phone", "privacy.email", "privacy.enterprise", "privacy.agency", "privacy.taxcode",
	"privacy.position", "privacy.role", "privacy.registrations", "privacy.consents", "privacy.talk",
	"purpose.class", "purpose.selfcheck", "purpose.tips", "purpose.sharing",
	"privacy.tips", "privacy.tips_paused", "privacy.votes",
	"article.source", "article.reference", "article.unreviewed", "article.safety",
	"weekly.when", "weekly.first", "leaflet.pdf", "leaflet.read",
	"privacy.assessments", "privacy.requests", "privacy.sent", "privacy.sent_count",
	"scale.0", "scale.1", "scale.2", "scale.3", "band.start", "band.basis", "band.good", "band.hidden",
	"check.was", "check.risen", "check.about", "check.unknown", "check.more", "check.power", "check.water", "check.before", "check.peers",
	"check.unreviewed", "check.reviewed", "check.disclaimer",
	"cost.none", "cost.low", "cost.invest", "unit.tonne", "unit.m3", "unit.piece", "unit.litre", "unit.cigarettes", "unit.other",
	"sector.wood", "sector.tobacco", "sector.food", "sector.chemicals", "sector.other",
	"request.received", "request.contacted", "request.scheduled", "request.surveyed", "request.reported", "request.followed_up",
	"request.closed", "request.declined", "request.anytime",
	"role.technical", "role.manager", "role.public", "role.other",
}

// readTexts reads one file of texts/.
func readTexts(fsys fs.FS, name string) (*page, map[string]dialogs.Text) {
	p, root := readPage(fsys, name)
	if root == nil {
		return p, nil
	}
	reasons := reasonTexts()
	known := slices.Concat(dialogs.TextKeys(), dialogs.ProblemKeys(), programmeTexts, reasons)
	texts := map[string]dialogs.Text{}
	for _, e := range p.fields(root, "texts", known...).list {
		if e.value == nil {
			p.fail(e.key, "the text “"+e.name+"” is empty", "write {vi: …, en: …}")
			continue
		}
		w := worded{key: e.name}
		if (strings.HasPrefix(e.name, "button.") || strings.HasPrefix(e.name, "scale.")) && e.name != "button.old" && e.name != "button.twice" {
			w.role = label
		} else if strings.HasPrefix(e.name, "example.") || slices.Contains(reasons, e.name) || slices.Contains(programmeTexts, e.name) && !strings.HasPrefix(e.name, "turn.") && !strings.HasPrefix(e.name, "telegram.") {
			w.role = line
		}
		texts[e.name] = p.text(e.value, w)
	}
	return p, texts
}

// missingTexts reports the wordings that no file of texts/ has.
func missingTexts(texts map[string]dialogs.Text) []Problem {
	var list []Problem
	add := func(what string) {
		list = append(list, Problem{"texts", 0, 0, Error, what, "add it to a file of texts/, in both languages"})
	}
	for _, key := range slices.Concat(dialogs.TextKeys(), programmeTexts, reasonTexts()) {
		if _, ok := texts[key]; !ok {
			add("the text “" + key + "” is missing")
		}
	}
	for _, key := range dialogs.ProblemKeys() {
		kind, problem, _ := strings.Cut(key, ".")
		if _, ok := texts[key]; ok || kind != "problem" {
			continue
		}
		if _, ok := texts["doubt."+problem]; !ok {
			add("there are no words for answers with “" + problem + "”: problem." + problem + " or doubt." + problem)
		}
	}
	return list
}

// Term is one entry of the glossary: one term for one thing.
type Term struct {
	Text  dialogs.Text
	Means dialogs.Text
	// Avoid are words that must not be used in its place, by language.
	Avoid map[dialogs.Lang][]string
}

func readGlossary(fsys fs.FS) (*page, []Term) {
	p, root := readPage(fsys, "glossary.yaml")
	if root == nil {
		return p, nil
	}
	var terms []Term
	for _, n := range p.fields(root, "the glossary", "terms").items("terms") {
		d := p.fields(n, "a term", "term", "means", "avoid")
		t := Term{Text: d.text("term", worded{role: line}), Means: d.text("means", worded{role: line})}
		if e, ok := d.find("avoid"); ok && e.value != nil {
			avoid := p.fields(e.value, "avoid", "vi", "en")
			t.Avoid = map[dialogs.Lang][]string{dialogs.Vietnamese: avoid.strs("vi"), dialogs.English: avoid.strs("en")}
		}
		terms = append(terms, t)
	}
	return p, terms
}

// readPlaces reads one file of places/: a list with its name.
func readPlaces(fsys fs.FS, name string) (p *page, list string, places []dialogs.Place, areas map[string]string) {
	p, root := readPage(fsys, name)
	if root == nil {
		return p, "", nil, nil
	}
	d := p.fields(root, "a list of places", "list", "places")
	areas = map[string]string{}
	for _, n := range d.items("places") {
		one := p.fields(n, "a place", "key", "label", "also", "area")
		pl := dialogs.Place{Key: one.key("key"), Label: one.text("label", worded{role: label}), Also: one.strs("also")}
		if _, twice := areas[pl.Key]; twice {
			p.fail(n, "the key “"+pl.Key+"” is used twice", "give every place its own code")
		}
		areas[pl.Key] = one.str("area")
		places = append(places, pl)
	}
	return p, d.key("list"), places, areas
}
