package content

import (
	"fmt"
	"slices"

	"sachhon/dialogs"
)

// Action is the contract of one thing a flow may ask the programme for with
// “do:”. The bot carries it out and answers with one of the outcomes; every
// flow that uses it must handle all of them.
type Action struct {
	Name string
	// Needs are the arguments a flow must give, Takes those it may.
	Needs, Takes []string
	Outcomes     []string
	// Values are what the action puts into the talk, by placeholder, where its
	// outcome knows them. reminders, class_seats_left, class_content,
	// class_others, centre_phone, centre_address, tip_safety, leaflet_source,
	// leaflet_pdf and answer_source may have nothing to say, and so may what the
	// comments below call optional; they are then put with no value, so that the
	// line which holds them is left out and an earlier one does not linger.
	Values []string
	// Options says that the outcome “some” offers choices for a question with
	// “from: options”; their keys are ids that other actions take.
	Options bool
}

// Values that describe a class. class is its id, class_when all its sessions,
// class_seats_left how many are left in words, class_content what it covers,
// class_others the number of other classes open now.
var classValues = []string{"class", "class_title", "class_when", "class_venue", "class_seats_left", "class_content", "class_others"}

// Values that describe a registration and its class. code is the registration
// without its dash, for deep links; position the one in the waiting list;
// hold_until when an offered seat lapses; attendee who it is for, in words;
// reminders when reminders come before the class, in words.
var registrationValues = append([]string{"registration", "code", "position", "hold_until", "attendee", "reminders"}, classValues...)

// Values that describe a subscription to weekly tips, in words.
var weeklyValues = []string{"weekly_sector", "weekly_when", "weekly_first"}

// Values that tell the result of a self-check. check_count is how many
// questions were answered, check_band the overall band in words, check_about
// date, version and share answered. Optional: check_was, the last time's band,
// check_strong, check_unknown, check_actions, a numbered list, check_figures and
// check_peers, a line each.
var checkValues = []string{"assessment", "check_date", "check_sector", "check_count", "check_band", "check_about", "check_was", "check_strong",
	"check_unknown", "check_actions", "check_figures", "check_peers"}

// actions are all there are. A registration is named by its id, with the dash
// or without.
var actions = []Action{
	// class.list offers the classes open for registration. one: exactly one is,
	// and its values are put as by class.find.
	{Name: "class.list", Outcomes: []string{"one", "some", "none"}, Values: classValues, Options: true},
	// class.find looks a class up. one: it takes registrations, if only on its
	// waiting list; closed: not any more, or not yet; gone: there is none, or it
	// was cancelled.
	{Name: "class.find", Needs: []string{"id"}, Outcomes: []string{"one", "closed", "gone"}, Values: classValues},
	// class.register registers a person; who is "colleague" for somebody else
	// and empty for the contact. quota: the enterprise has no place left, and
	// the value quota is how many it may have.
	{Name: "class.register", Needs: []string{"class", "who", "role", "name", "enterprise", "taxcode", "position", "phone"},
		Takes:    []string{"email", "sector", "department", "ward"},
		Outcomes: []string{"seat", "waiting", "already", "quota", "closed", "gone", "started"}, Values: append([]string{"quota"}, registrationValues...)},
	// class.calendar sends the class as a calendar file with the next message.
	{Name: "class.calendar", Needs: []string{"registration"}, Outcomes: []string{"ok", "gone"}},
	// me.list offers the contact's registrations, colleagues' included. one: it
	// is the value registration.
	{Name: "me.list", Outcomes: []string{"one", "some", "none"}, Values: []string{"registration"}, Options: true},
	// me.show tells how a registration stands. past: the class is over; gone:
	// there is none, or it is not the contact's.
	{Name: "me.show", Needs: []string{"registration"}, Outcomes: []string{"seat", "waiting", "offered", "cancelled", "past", "gone"}, Values: registrationValues},
	// me.cancel cancels a registration. late: the class has begun.
	{Name: "me.cancel", Needs: []string{"registration"}, Outcomes: []string{"ok", "late", "gone"}, Values: registrationValues},
	// offer.show tells how a freed seat stands. taken: the person has a seat.
	{Name: "offer.show", Needs: []string{"registration"}, Outcomes: []string{"offered", "taken", "expired", "gone"}, Values: registrationValues},
	// offer.accept takes a freed seat; taking it twice is taken too.
	{Name: "offer.accept", Needs: []string{"registration"}, Outcomes: []string{"taken", "expired", "gone"}, Values: registrationValues},
	// offer.decline gives a freed seat to the next person. taken: it was accepted
	// before and is not given up by this.
	{Name: "offer.decline", Needs: []string{"registration"}, Outcomes: []string{"ok", "taken", "expired", "gone"}, Values: registrationValues},
	// check.last looks for the contact's latest self-check.
	{Name: "check.last", Outcomes: []string{"some", "none"}, Values: []string{"assessment", "check_date", "check_band", "check_sector"}},
	// check.result weighs the answers of the talk and keeps them; the figures are
	// of one month, unit that of the output. some: there is something to do;
	// good: nothing; unknown: too little was answered to say. A picture of it goes
	// out with the next message.
	{Name: "check.result", Needs: []string{"sector"}, Takes: []string{"power", "water", "output", "unit"},
		Outcomes: []string{"some", "good", "unknown"}, Values: checkValues},
	// check.show tells a result again. gone: there is none, or it is not the
	// contact's.
	{Name: "check.show", Needs: []string{"assessment"}, Outcomes: []string{"some", "good", "unknown", "gone"}, Values: checkValues},
	// check.advice tells the action after the one at which the person is; at is
	// the value advice_at, empty for the first. advice_more says that another
	// follows. Optional: advice_more, advice_tip, advice_leaflet and advice_class,
	// ids for deep links.
	{Name: "check.advice", Needs: []string{"assessment", "at"}, Outcomes: []string{"one", "gone"},
		Values: []string{"advice_at", "advice_place", "advice_title", "advice_why", "advice_steps", "advice_source", "advice_more",
			"advice_tip", "advice_leaflet", "advice_class"}},
	// check.pdf sends a result as a document with the next message.
	{Name: "check.pdf", Needs: []string{"assessment"}, Outcomes: []string{"ok", "gone"}},
	// check.followup offers the actions of a self-check, to say which were
	// carried out; check.done keeps which. left: some are still to do, and
	// check_left is how many; all: none; nothing: none was begun.
	{Name: "check.followup", Needs: []string{"assessment"}, Outcomes: []string{"some", "gone"}, Values: []string{"check_date"}, Options: true},
	{Name: "check.done", Needs: []string{"assessment", "done"}, Outcomes: []string{"left", "all", "nothing", "gone"}, Values: []string{"assessment", "check_left"}},
	// request.begin offers the weeks for an assessment on site. open: the contact
	// has asked already, and request_date and request_state tell how it stands.
	// Optional: request_for, the sector that is known.
	{Name: "request.begin", Outcomes: []string{"some", "open"}, Values: []string{"request_for", "request_date", "request_state"}, Options: true},
	// request.send asks for an assessment on site; no weeks: any suit.
	{Name: "request.send", Needs: []string{"name", "phone", "enterprise", "need"}, Takes: []string{"taxcode", "sector", "weeks"},
		Outcomes: []string{"ok", "open"}, Values: []string{"request", "request_weeks", "request_date", "request_state"}},
	// privacy.show puts what is kept of the contact into words, a line each;
	// privacy.export sends it as a JSON file; privacy.delete deletes it and
	// cancels what is to come.
	{Name: "privacy.show", Outcomes: []string{"ok"}, Values: []string{"privacy_lines"}},
	{Name: "privacy.export", Outcomes: []string{"ok"}},
	{Name: "privacy.delete", Outcomes: []string{"ok"}},
	// tip.topics offers the topics there are tips on. tip.list offers the tips of
	// a sector, those for all sectors after them, or of a topic; the options' keys
	// name the list too: “t05_wood”.
	{Name: "tip.topics", Outcomes: []string{"some", "none"}, Options: true},
	{Name: "tip.list", Takes: []string{"sector", "topic"}, Outcomes: []string{"some", "none"}, Values: []string{"tip_shelf"}, Options: true},
	// tip.show words a tip named as by tip.list or by its id alone. tip_next is
	// another one of the same list, never the same while there is another.
	{Name: "tip.show", Needs: []string{"id"}, Outcomes: []string{"ok", "gone"},
		Values: []string{"tip", "tip_title", "tip_gist", "tip_why", "tip_steps", "tip_safety", "tip_source", "tip_next"}},
	// tip.useful counts whether a tip helped (yes, no), once a person. again:
	// they said so before.
	{Name: "tip.useful", Needs: []string{"id", "useful"}, Outcomes: []string{"ok", "again", "gone"}},
	// leaflet.list offers the leaflets; leaflet.show words a page of one, named
	// “l3” or “l3_2”. leaflet_pdf says what the printed one is and how large,
	// where there is one; leaflet.pdf sends it with the next message.
	{Name: "leaflet.list", Outcomes: []string{"some", "none"}, Options: true},
	{Name: "leaflet.show", Needs: []string{"id"}, Outcomes: []string{"page", "last", "gone"},
		Values: []string{"leaflet", "leaflet_title", "leaflet_heading", "leaflet_text", "leaflet_page", "leaflet_next", "leaflet_source", "leaflet_pdf"}},
	{Name: "leaflet.pdf", Needs: []string{"id"}, Outcomes: []string{"ok", "none"}},
	// weekly.show tells how the contact stands with weekly tips. refused:
	// promotion was refused, which only a new yes undoes. weekly_first is when the
	// next tip comes. finished, here and below: the contact had every tip that
	// there is for them, so that none comes before there is a new one.
	{Name: "weekly.show", Outcomes: []string{"none", "active", "finished", "paused", "refused"}, Values: weeklyValues},
	// weekly.save keeps sector and slot, “tue_8”: a working day and an hour from 8
	// to 19. weekly.leave withdraws the consent too.
	{Name: "weekly.save", Needs: []string{"sector", "slot"}, Outcomes: []string{"ok", "finished"}, Values: weeklyValues},
	{Name: "weekly.pause", Outcomes: []string{"ok", "gone"}},
	{Name: "weekly.resume", Outcomes: []string{"ok", "finished", "gone"}, Values: weeklyValues},
	{Name: "weekly.leave", Outcomes: []string{"ok", "gone"}},
	// answer.search offers the three answers, tips and leaflets nearest to the
	// words; words_short are the words, cut for a message. answer.show words the
	// one chosen, or says that it is a tip or a leaflet, found being its id; the
	// options after an answer are commands that help on.
	{Name: "answer.search", Needs: []string{"words"}, Outcomes: []string{"some", "none"}, Values: []string{"words_short"}, Options: true},
	{Name: "answer.show", Needs: []string{"id"}, Outcomes: []string{"answer", "tip", "leaflet", "gone"},
		Values: []string{"answer_title", "answer_text", "answer_source", "found"}},
	// broadcast.answer counts the button pressed under a broadcast, named as
	// “broadcast_key”; answer_chosen is its label. gone: there is no such answer,
	// or the contact never had the message.
	{Name: "broadcast.answer", Needs: []string{"answer"}, Outcomes: []string{"ok", "gone"}, Values: []string{"answer_chosen"}},
	// centre.contact tells how to reach the centre.
	{Name: "centre.contact", Outcomes: []string{"ok"}, Values: []string{"centre_name", "centre_phone", "centre_address"}},
}

// Actions returns the contract of every action, for whoever carries them out.
func Actions() []Action { return slices.Clone(actions) }

func actionNamed(name string) (Action, bool) {
	i := slices.IndexFunc(actions, func(a Action) bool { return a.Name == name })
	if i < 0 {
		return Action{}, false
	}
	return actions[i], true
}

// checkAction holds a node against the contract of its action.
func (f *flowPage) checkAction(node *dialogs.Node, d fields) {
	e, _ := d.find("do")
	a, ok := actionNamed(node.Do)
	if !ok {
		var names []string
		for _, a := range actions {
			names = append(names, a.Name)
		}
		f.unknown(e.value, node.Do, "the programme", names)
		return
	}
	for _, arg := range node.With {
		if !slices.Contains(a.Needs, arg.Name) && !slices.Contains(a.Takes, arg.Name) {
			f.note(d.place("with"), Error, fmt.Sprintf("%s takes no “%s”", a.Name, arg.Name), "it takes: "+join(slices.Concat(a.Needs, a.Takes)))
		}
	}
	for _, need := range a.Needs {
		if !slices.ContainsFunc(node.With, func(arg dialogs.Arg) bool { return arg.Name == need }) {
			f.note(d.place("with"), Error, fmt.Sprintf("%s needs “%s”", a.Name, need), "add it to with:")
		}
	}
	for out := range node.On {
		if !slices.Contains(a.Outcomes, out) {
			f.note(d.place("on"), Error, fmt.Sprintf("%s never comes to “%s”", a.Name, out), "its outcomes are: "+join(a.Outcomes))
		}
	}
	for _, out := range a.Outcomes {
		if node.On[out] == "" {
			f.note(d.place("on"), Error, fmt.Sprintf("what happens when %s comes to “%s” is not said", a.Name, out), "add “"+out+": node” to on:")
		}
	}
}
