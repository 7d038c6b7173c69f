package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/desk"
	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// privacyShow lists in words what is kept of the contact.
func (a *actions) privacyShow(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	var k keptRecords
	var err error
	if k.regs, err = registrationsOf(t.tx, t.contact.ID); err != nil {
		return dialogs.Outcome{}, err
	}
	if k.checks, k.asked, err = checksOf(t.tx, t.contact.ID); err != nil {
		return dialogs.Outcome{}, err
	}
	told, err := a.b.told(t.tx, t.contact.ID)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	k.sent = a.sentLately(told, t.now)
	lines := twice(func(lang dialogs.Lang) string { return a.keptLines(&t.contact, &k, lang) })
	return outcome("ok", []dialogs.Answer{both("privacy_lines", lines)}), nil
}

// keptRecords are what is kept of a contact beside the contact's own record.
type keptRecords struct {
	regs   []programme.Registration
	checks []programme.Assessment
	asked  []programme.Request
	sent   dialogs.Text // in words
}

// sentLately words how many tips and other messages somebody was sent unasked as
// long as that is kept, and when the last one was; nothing where there was none.
// told has the latest first.
func (a *actions) sentLately(told []WhyView, now time.Time) dialogs.Text {
	var tips, others int
	var last time.Time
	for i := range told {
		if told[i].Status != scheduler.FateSent.String() || told[i].At.Before(now.Add(-scheduler.FateLife)) {
			continue
		}
		if last.IsZero() {
			last = told[i].At
		}
		if strings.HasPrefix(told[i].Key, scheduler.TipKey("")) {
			tips++
		} else {
			others++
		}
	}
	if last.IsZero() {
		return dialogs.Text{}
	}
	count := func(n int) dialogs.Text { return dialogs.Text{VI: strconv.Itoa(n), EN: strconv.Itoa(n)} }
	return a.named("privacy.sent_count", map[string]dialogs.Text{"{a}": count(tips), "{b}": count(others), "{c}": a.day(last)})
}

func registrationsOf(tx Tx, contact string) (all []programme.Registration, err error) {
	err = tx.ContactRegistrations(contact, func(r programme.Registration) bool {
		all = append(all, r)
		return true
	})
	return all, err
}

// checksOf are the self-checks and the requests of a contact.
func checksOf(tx Tx, contact string) (checks []programme.Assessment, asked []programme.Request, err error) {
	err = tx.ContactAssessments(contact, func(c programme.Assessment) bool {
		checks = append(checks, c)
		return true
	})
	if err != nil {
		return nil, nil, err
	}
	err = tx.ContactRequests(contact, func(r programme.Request) bool {
		asked = append(asked, r)
		return true
	})
	return checks, asked, err
}

// keptLines words what is kept, a line each; nothing is a line of its own.
func (a *actions) keptLines(c *dialogs.Contact, k *keptRecords, lang dialogs.Lang) string {
	var lines []string
	add := func(label, words string) {
		if words != "" {
			lines = append(lines, a.lib().Text(label).In(lang)+": "+words)
		}
	}
	for _, f := range c.Facts {
		if tipsFacts(f.Key) {
			continue
		}
		words := dialogs.Show(f.Value, lang)
		if f.Key == "role" {
			words = a.lib().Text("role." + f.Value.Text).In(lang)
		}
		add("privacy."+f.Key, words)
	}
	a.tipsKept(c, lang, add)
	var classes []string
	for _, r := range k.regs {
		classes = append(classes, r.ID+" ("+a.lib().Text("status."+string(r.Status)).In(lang)+")")
	}
	add("privacy.registrations", strings.Join(classes, ", "))
	var done, visits []string
	for i := range k.checks {
		done = append(done, a.day(k.checks[i].Created).In(lang)+" ("+a.band(k.checks[i].Band).In(lang)+")")
	}
	add("privacy.assessments", strings.Join(done, ", "))
	for i := range k.asked {
		visits = append(visits, a.day(k.asked[i].Created).In(lang)+" ("+a.lib().Text("request."+string(k.asked[i].State)).In(lang)+")")
	}
	add("privacy.requests", strings.Join(visits, ", "))
	add("privacy.sent", k.sent.In(lang))
	var purposes []string
	seen := map[string]bool{}
	for _, one := range c.Consents {
		if !seen[one.Purpose] && c.Agreed(one.Purpose, 0) {
			purposes = append(purposes, a.lib().Text("purpose."+one.Purpose).In(lang))
		}
		seen[one.Purpose] = true
	}
	add("privacy.consents", strings.Join(purposes, ", "))
	if len(lines) == 0 {
		return a.lib().Text("privacy.nothing").In(lang)
	}
	return strings.Join(lines, "\n")
}

// privacyExport hands the contact a copy of everything that is kept of them.
func (a *actions) privacyExport(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	if err := t.save(); err != nil { // the copy is made from what is kept
		return dialogs.Outcome{}, err
	}
	raw, err := a.copyOf(t.tx, t.contact.ID)
	if err != nil {
		return dialogs.Outcome{}, err
	}
	out := outcome("ok")
	out.Media = []dialogs.Media{{Kind: dialogs.Document, Name: "sachhon-" + t.now.Format("2006-01-02") + ".json",
		MIME: "application/json", Size: int64(len(raw)), Alt: a.lib().Text("privacy.talk").In(t.contact.Speaks()), Ref: refCopy + t.contact.ID}}
	return out, nil
}

// keptCopy is everything kept of a contact, in a form that programs can read
// (Law 91/2025/QH15: the right to be provided with one's data).
type keptCopy struct {
	Contact       string                   `json:"contact"`
	Created       time.Time                `json:"created"`
	Language      dialogs.Lang             `json:"language,omitempty"`
	Addresses     []string                 `json:"addresses"`
	Facts         map[string]string        `json:"facts"`
	Consents      []keptConsent            `json:"consents"`
	RefusedPromo  *time.Time               `json:"refused_promotion,omitempty"`
	Source        string                   `json:"source,omitempty"`
	Registrations []programme.Registration `json:"registrations"`
	Assessments   []programme.Assessment   `json:"assessments"`
	Requests      []programme.Request      `json:"requests"`
	Sent          []string                 `json:"sent"`     // the keys of tips and other messages sent by plan
	Messages      []WhyView                `json:"messages"` // what was sent and what was not, and why, as long as that is kept
	Conversation  []keptLine               `json:"conversation"`
}

type keptConsent struct {
	Purpose string    `json:"purpose"`
	Given   bool      `json:"given"`
	At      time.Time `json:"at"`
	Words   string    `json:"words"`
	Channel string    `json:"channel"`
}

type keptLine struct {
	At   time.Time `json:"at"`
	From string    `json:"from"`
	Text string    `json:"text"`
}

// maxCopied is how many lines of a conversation a copy holds, per address.
const maxCopied = 10000

// copyOf makes the copy.
func (a *actions) copyOf(tx Tx, contact string) ([]byte, error) {
	c, ok, err := tx.Contact(contact)
	if err != nil || !ok {
		return nil, errNoMedia
	}
	kept := keptCopy{Contact: c.ID, Created: c.Created, Language: c.Lang, Addresses: c.Addresses, Facts: map[string]string{}, Source: c.Source}
	for _, f := range c.Facts {
		kept.Facts[f.Key] = dialogs.Show(f.Value, c.Speaks())
	}
	for _, k := range c.Consents {
		kept.Consents = append(kept.Consents, keptConsent{k.Purpose, k.Given, k.At, fmt.Sprintf("%016x", k.Version), k.Channel})
	}
	if !c.OptedOut.IsZero() {
		kept.RefusedPromo = &c.OptedOut
	}
	if kept.Registrations, err = registrationsOf(tx, contact); err != nil {
		return nil, err
	}
	if kept.Assessments, kept.Requests, err = checksOf(tx, contact); err != nil {
		return nil, err
	}
	if kept.Sent, err = tx.Got(contact); err != nil {
		return nil, err
	}
	told, err := a.b.told(tx, contact)
	if err != nil {
		return nil, err
	}
	kept.Messages = slices.DeleteFunc(told, func(v WhyView) bool { return v.Status == none })
	names := map[channel.Author]string{channel.FromPerson: "person", channel.FromBot: "bot", channel.FromStaff: "staff"}
	for _, at := range c.Addresses {
		entries, err := tx.Transcript(at, 0, maxCopied)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			kept.Conversation = append(kept.Conversation, keptLine{e.At, names[e.From], e.Message.Text})
		}
	}
	return json.MarshalIndent(kept, "", "  ")
}

// privacyDelete deletes the contact: coming registrations are cancelled, so
// that their seats go to those who wait, then every row goes.
func (a *actions) privacyDelete(t *turn, _ map[string]string) (dialogs.Outcome, error) {
	notices, err := programme.Leave(t.tx, t.contact.ID, t.now, a.b.hold(t.now))
	if err != nil {
		return dialogs.Outcome{}, err
	}
	if err := t.notify(notices, ""); err != nil {
		return dialogs.Outcome{}, err
	}
	t.gone = true
	return outcome("ok"), t.tx.Forget(t.contact.ID, t.now)
}

// handOver keeps a question for the centre's staff.
func (a *actions) handOver(t *turn, words string) error {
	return t.tx.PutQuestion(&desk.Question{Contact: t.contact.ID, Address: t.at.String(), Text: words, Asked: t.now})
}
