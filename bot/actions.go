package bot

import (
	"fmt"
	"strings"
	"time"

	"sachhon/bot/documents"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// actions are what flows can ask of the programme. Each runs inside the
// transaction of its turn.
type actions struct {
	b     *Bot
	press *documents.Press
	// printed are leaflets as they were drawn.
	printed printed
	do      map[string]action
}

// action carries out one thing and says what it came to.
type action func(t *turn, args map[string]string) (dialogs.Outcome, error)

// newActions lists every action by the name that flows use.
func newActions(b *Bot) *actions {
	a := &actions{b: b, press: documents.NewPress()}
	a.do = map[string]action{
		"class.list":     a.classList,
		"class.find":     a.classFind,
		"class.register": a.classRegister,
		"class.calendar": a.classCalendar,
		"me.list":        a.meList,
		"me.show":        a.meShow,
		"me.cancel":      a.meCancel,
		"offer.show":     a.offerShow,
		"offer.accept":   a.offerAccept,
		"offer.decline":  a.offerDecline,
		"privacy.show":   a.privacyShow,
		"privacy.export": a.privacyExport,
		"privacy.delete": a.privacyDelete,
		"centre.contact": a.centreContact,
		"tip.topics":     a.tipTopics,
		"tip.list":       a.tipList,
		"tip.show":       a.tipShow,
		"tip.useful":     a.tipUseful,
		"leaflet.list":   a.leafletList,
		"leaflet.show":   a.leafletShow,
		"leaflet.pdf":    a.leafletPDF,
		"weekly.show":    a.weeklyShow,
		"weekly.save":    a.weeklySave,
		"weekly.pause":   a.weeklyPause,
		"weekly.resume":  a.weeklyResume,
		"weekly.leave":   a.weeklyLeave,
		"answer.search":  a.answerSearch,
		"answer.show":    a.answerShow,
		"check.last":     a.checkLast,
		"check.result":   a.checkResult,
		"check.show":     a.checkShow,
		"check.advice":   a.checkAdvice,
		"check.pdf":      a.checkPDF,
		"check.followup": a.checkFollowUp,
		"check.done":     a.checkDone,
		"request.begin":  a.requestBegin,
		"request.send":   a.requestSend,

		"broadcast.answer": a.broadcastAnswer,
	}
	return a
}

// act carries out what the engine wants.
func (a *actions) act(t *turn, w *dialogs.Wanted) (dialogs.Outcome, error) {
	do := a.do[w.Action]
	if do == nil {
		return dialogs.Outcome{}, fmt.Errorf("no such action")
	}
	args := make(map[string]string, len(w.Args))
	for _, arg := range w.Args {
		args[arg.Name] = strings.TrimSpace(arg.Text)
	}
	return do(t, args)
}

// outcome is a result without anything more.
func outcome(result string, values ...[]dialogs.Answer) dialogs.Outcome {
	out := dialogs.Outcome{Result: result}
	for _, v := range values {
		out.Values = append(out.Values, v...)
	}
	return out
}

func value(key string, v dialogs.Value) dialogs.Answer { return dialogs.Answer{Node: key, Value: v} }

func text(key, words string) dialogs.Answer { return value(key, dialogs.TextOf(words)) }

func both(key string, words dialogs.Text) dialogs.Answer {
	return value(key, dialogs.BothOf(words.VI, words.EN))
}

func (a *actions) classList(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	open, err := a.openClasses(t)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	switch len(open) {
	case 0:
		return outcome("none"), nil
	case 1:
		return outcome("one", a.classValues(&open[0], t.now), []dialogs.Answer{value("class_others", dialogs.NumberOf(0, ""))}), nil
	}
	out := outcome("some")
	for i := range open {
		out.Options = append(out.Options, dialogs.Option{Key: open[i].ID, Label: a.classLabel(&open[i], t.now)})
	}
	return out, nil
}

// openClasses are those that take registrations now, a waiting list included.
func (a *actions) openClasses(t *turn) ([]programme.Class, error) {
	var open []programme.Class
	err := t.tx.Classes(func(c programme.Class) bool {
		if s := c.Status(t.now); s == programme.StatusOpen || s == programme.StatusFull {
			open = append(open, c)
		}
		return true
	})
	return open, err
}

func (a *actions) classFind(t *turn, args map[string]string) (dialogs.Outcome, error) {
	c, ok, err := t.tx.Class(strings.ToLower(args["id"]))
	if err != nil || !ok {
		return outcome("gone"), err
	}
	open, err := a.openClasses(t)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	others := 0
	for i := range open {
		if open[i].ID != c.ID {
			others++
		}
	}
	values := append(a.classValues(&c, t.now), value("class_others", dialogs.NumberOf(float64(others), "")))
	switch c.Status(t.now) {
	case programme.StatusOpen, programme.StatusFull:
		return outcome("one", values), nil
	case programme.StatusCancelled:
		return outcome("gone"), nil
	default:
		return outcome("closed", values), nil
	}
}

func (a *actions) classRegister(t *turn, args map[string]string) (dialogs.Outcome, error) {
	c, ok, err := t.tx.Class(args["class"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	colleague := args["who"] == "colleague"
	res, notices, err := programme.Register(t.tx, programme.RegisterRequest{
		Class: c.ID, Contact: t.contact.ID, Colleague: colleague, Name: args["name"], Enterprise: args["enterprise"],
		TaxCode: args["taxcode"], Phone: args["phone"], Position: args["position"], Role: programme.Role(args["role"]),
	}, t.now)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	if err := t.notify(notices, res.Registration.ID); err != nil {
		return dialogs.Outcome{}, err
	}
	values := append(a.classValues(&c, t.now), a.registrationValues(&res.Registration)...)
	if res.Registration.Contact != t.contact.ID {
		values = append(values, text("registration", ""), text("code", "")) // somebody else's code is theirs
	}
	values = append(values, text("position", fmt.Sprint(res.Position)), text("quota", fmt.Sprint(c.PerEnterprise)))
	switch res.Outcome {
	case programme.OutcomeSeat:
		return outcome("seat", values, []dialogs.Answer{both("reminders", a.reminderWords(&c, t.now))}), nil
	case programme.OutcomeWaiting:
		return outcome("waiting", values), nil
	case programme.OutcomeAlready:
		return outcome("already", values), nil
	case programme.OutcomeQuota:
		return outcome("quota", values), nil
	case programme.OutcomeStarted:
		return outcome("started", values), nil
	case programme.OutcomeUnknown:
		return outcome("gone", values), nil
	default:
		return outcome("closed", values), nil
	}
}

func (a *actions) classCalendar(t *turn, args map[string]string) (dialogs.Outcome, error) {
	r, c, ok, err := a.own(t, args["registration"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	raw, err := a.calendar(&c, &r)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	out := outcome("ok")
	out.Media = []dialogs.Media{{Kind: dialogs.Document, Name: "lop-" + c.ID + ".ics", MIME: "text/calendar",
		Size: int64(len(raw)), Alt: c.Title.In(t.contact.Speaks()), Ref: refCalendar + r.ID}}
	return out, nil
}

func (a *actions) centreContact(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	c := a.b.cfg.Centre
	return outcome("ok", []dialogs.Answer{text("centre_name", c.Name), text("centre_phone", c.Phone), text("centre_address", c.Address)}), nil
}

func (a *actions) meList(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	var mine []programme.Registration
	err := t.tx.ContactRegistrations(t.contact.ID, func(r programme.Registration) bool {
		mine = append(mine, r)
		return true
	})
	if err != nil {
		return dialogs.Outcome{}, err
	}
	mine, err = a.current(t, mine)
	switch {
	case err != nil:
		return dialogs.Outcome{}, err
	case len(mine) == 0:
		return outcome("none"), nil
	case len(mine) == 1:
		return outcome("one", []dialogs.Answer{text("registration", mine[0].ID)}), nil
	}
	out := outcome("some")
	for i := range mine {
		label, err := a.registrationLabel(t, &mine[i])
		if err != nil {
			return out, err
		}
		out.Options = append(out.Options, dialogs.Option{Key: bare(mine[i].ID), Label: label})
	}
	return out, nil
}

// monthsShown is how long a registration that is over stays in the list.
const monthsShown = 90 * 24 * time.Hour

// current leaves out what is over for long, and what was cancelled when there
// is anything else.
func (a *actions) current(t *turn, all []programme.Registration) ([]programme.Registration, error) {
	var live, cancelled []programme.Registration
	for _, r := range all {
		c, ok, err := t.tx.Class(r.Class)
		if err != nil {
			return nil, err
		}
		if !ok || t.now.Sub(c.Ends()) > monthsShown {
			continue
		}
		if r.Status == programme.Cancelled {
			cancelled = append(cancelled, r)
			continue
		}
		live = append(live, r)
	}
	if len(live) == 0 {
		return cancelled, nil
	}
	return live, nil
}

// own finds a registration of this very contact by its id, with or without the
// dash; false when it is nobody's or somebody else's.
func (a *actions) own(t *turn, id string) (r programme.Registration, c programme.Class, ok bool, err error) {
	r, ok, err = t.tx.Registration(dashed(id))
	if err != nil || !ok || r.Contact != t.contact.ID {
		return r, c, false, err
	}
	c, ok, err = t.tx.Class(r.Class)
	return r, c, ok, err
}

// bare is a registration's id as deep links and buttons carry it: without the dash.
func bare(id string) string { return strings.ReplaceAll(id, "-", "") }

// dashed puts the dash back: ids are a class's four letters and a number.
func dashed(id string) string {
	id = strings.ToUpper(strings.ReplaceAll(id, "-", ""))
	if len(id) <= 4 {
		return id
	}
	return id[:4] + "-" + id[4:]
}
