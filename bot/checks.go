package bot

import (
	"slices"
	"strconv"
	"strings"

	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/dialogs/score"
	"sachhon/scheduler"
)

// sectorNames are what deep links and choices call the sectors.
var sectorNames = map[string]string{
	"wood": programme.SectorWood, "go": programme.SectorWood, "tobacco": programme.SectorTobacco, "thuocla": programme.SectorTobacco,
	"food": programme.SectorFood, "thucpham": programme.SectorFood, "chemicals": programme.SectorChemicals, "hoachat": programme.SectorChemicals,
}

func sectorOf(name string) string {
	if s, ok := sectorNames[name]; ok {
		return s
	}
	return programme.SectorOther
}

// questions are the sets that somebody of a sector answers.
func (a *actions) questions(sector string) []*dialogs.Questionnaire {
	return a.b.set.Load().QuestionnairesFor(sector)
}

// lastCheck is the contact's latest self-check; false when there is none.
func lastCheck(t *turn) (last programme.Assessment, ok bool, err error) {
	err = t.tx.ContactAssessments(t.contact.ID, func(c programme.Assessment) bool {
		last, ok = c, true
		return true
	})
	return last, ok, err
}

// ownCheck finds a self-check of this very contact, with the one before it.
func ownCheck(t *turn, id string) (c programme.Assessment, before *programme.Assessment, ok bool, err error) {
	n, wrong := strconv.ParseUint(id, 10, 64)
	if wrong != nil {
		return c, nil, false, nil
	}
	c, ok, err = t.tx.Assessment(n)
	if err != nil || !ok || c.Contact != t.contact.ID {
		return c, nil, false, err
	}
	before, err = checkBefore(t.tx, &c)
	return c, before, err == nil, err
}

// checkBefore is the self-check that one is held against: the last before it of
// the same contact and sector; nil: there is none.
func checkBefore(tx Tx, c *programme.Assessment) (before *programme.Assessment, err error) {
	err = tx.ContactAssessments(c.Contact, func(o programme.Assessment) bool {
		if o.ID < c.ID && o.Sector == c.Sector {
			before = &o
		}
		return true
	})
	return before, err
}

func (a *actions) checkLast(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	c, ok, err := lastCheck(t)
	if err != nil || !ok {
		return outcome("none"), err
	}
	return outcome("some", a.checkHead(&c)), nil
}

func (a *actions) checkResult(t *turn, args map[string]string) (dialogs.Outcome, error) {
	sector := sectorOf(args["sector"])
	c, before, err := programme.Assess(t.tx, programme.AssessmentRequest{
		Contact: t.contact.ID, Run: t.session.Talk.Run, Enterprise: t.contact.Fact("enterprise").Text, TaxCode: t.contact.Fact("taxcode").Text,
		Sector: sector, Answers: t.session.Talk.Answers,
		Figures: programme.Figures{Power: figure(args["power"]), Water: figure(args["water"]), Output: figure(args["output"]), Unit: args["unit"]},
	}, a.questions(sector), t.now)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	if err := t.planChecks(&c); err != nil {
		return dialogs.Outcome{}, err
	}
	return a.checkTold(t, &c, before)
}

// figure reads what the engine wrote for an action; 0 where nothing was given.
func figure(raw string) float64 {
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return 0
	}
	return v
}

// planChecks plans the question of a month later and the offer of half a year
// later, each at the first time from then on at which such a message may leave;
// those of an earlier check give way.
func (t *turn) planChecks(c *programme.Assessment) error {
	t.fx.planned = true
	checked, w := c.Created.In(t.desk.b.cfg.Timezone), t.desk.b.gate.Load().Windows()
	for _, j := range []scheduler.Job{
		{Kind: scheduler.FollowUp, At: programme.FollowUpAt(checked)},
		{Kind: scheduler.CheckAgain, At: programme.AgainAt(checked)},
	} {
		if at := w.Next(scheduler.Promotion, j.At); !at.IsZero() { // else the gate says that no day is open
			j.At = at
		}
		j.Key, j.Note, j.Deadline = t.contact.ID, strconv.FormatUint(c.ID, 10), j.At.Add(programme.CheckDeadline)
		if err := t.tx.Plan(j); err != nil {
			return err
		}
	}
	return nil
}

func (a *actions) checkShow(t *turn, args map[string]string) (dialogs.Outcome, error) {
	c, before, ok, err := ownCheck(t, args["assessment"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	return a.checkTold(t, &c, before)
}

// checkTold tells a result.
func (a *actions) checkTold(t *turn, c, before *programme.Assessment) (dialogs.Outcome, error) {
	values := append(a.checkHead(c), a.checkValues(c, before)...)
	peers, err := a.peerWords(t.tx, c.Sector)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	values = append(values, both("check_peers", peers))
	out := outcome("good", values)
	switch {
	case len(c.Actions) > 0:
		out.Result = "some"
	case c.Band == score.Hidden:
		out.Result = "unknown"
	}
	out.Media = []dialogs.Media{a.cardOf(c, before, t.contact.Speaks())}
	return out, nil
}

// checkAdvice tells the action after the one at which the person is. What the
// result said is not needed any more and is taken out of the talk.
func (a *actions) checkAdvice(t *turn, args map[string]string) (dialogs.Outcome, error) {
	c, _, ok, err := ownCheck(t, args["assessment"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	all := a.advised(&c)
	at, _ := strconv.Atoi(args["at"])
	if at < 0 || at >= len(all) {
		return outcome("gone"), nil
	}
	class, err := a.classFor(t, c.Sector)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	values := a.adviceValues(all[at], at+1, len(all))
	values = append(values, text("advice_class", class))
	for _, v := range a.checkValues(&c, nil) {
		values = append(values, dialogs.Answer{Node: v.Node})
	}
	return outcome("one", values), nil
}

// advised are the questions whose advice a self-check gave, in order; those
// that the content has no more are left out.
func (a *actions) advised(c *programme.Assessment) []advised {
	var list []advised
	for _, key := range c.Actions {
		for _, set := range a.questions(c.Sector) {
			i := slices.IndexFunc(set.Questions, func(q *dialogs.CheckQuestion) bool { return q.Key == key })
			if i >= 0 {
				list = append(list, advised{set.Questions[i], set})
			}
		}
	}
	return list
}

// advised is an action with the set that holds it, whose review it is under.
type advised struct {
	*dialogs.CheckQuestion
	set *dialogs.Questionnaire
}

// classFor is the id of the next class that a sector may join; "" when none is
// open.
func (a *actions) classFor(t *turn, sector string) (string, error) {
	open, err := a.openClasses(t)
	if err != nil {
		return "", err
	}
	for i := range open {
		if open[i].Sector == "" || open[i].Sector == sector {
			return open[i].ID, nil
		}
	}
	return "", nil
}

func (a *actions) checkFollowUp(t *turn, args map[string]string) (dialogs.Outcome, error) {
	c, _, ok, err := ownCheck(t, args["assessment"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	out := outcome("some", []dialogs.Answer{both("check_date", a.day(c.Created))})
	for _, q := range a.advised(&c) {
		out.Options = append(out.Options, dialogs.Option{Key: q.Key, Label: q.Advice.Title})
	}
	if len(out.Options) == 0 {
		return outcome("gone"), nil
	}
	return out, nil
}

func (a *actions) checkDone(t *turn, args map[string]string) (dialogs.Outcome, error) {
	c, _, ok, err := ownCheck(t, args["assessment"])
	if err != nil || !ok {
		return outcome("gone"), err
	}
	c.MarkDone(strings.Split(args["done"], ","), t.now)
	if err := t.tx.PutAssessment(&c); err != nil {
		return dialogs.Outcome{}, err
	}
	left := len(c.Actions) - len(c.Done)
	values := []dialogs.Answer{text("assessment", args["assessment"]), text("check_left", strconv.Itoa(left))}
	switch {
	case len(c.Done) == 0:
		return outcome("nothing", values), nil
	case left == 0:
		return outcome("all", values), nil
	default:
		return outcome("left", values), nil
	}
}

// checkPush is what deciding about a message after a self-check needs. The words
// that were agreed to say that it comes even to who wants no promotion, and that
// “dừng” ends it.
func checkPush(name string, c *programme.Assessment, j scheduler.Job) scheduler.Push {
	return scheduler.Push{Kind: scheduler.Service, Key: name + "/" + strconv.FormatUint(c.ID, 10), Purpose: programme.PurposeSelfCheck,
		Expires: j.Deadline, Unhurried: true}
}
