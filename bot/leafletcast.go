package bot

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"sachhon/content"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// planLeaflets plans the leaflets of this year and the next, and those of the last
// days of December that wait for a working day in January. What the calendar has
// no more leaves the table.
func planLeaflets(tx Tx, all *scheduler.Campaigns, w scheduler.Windows, now time.Time) error {
	var present []scheduler.Due
	for year := now.Year() - 1; year <= now.Year()+1; year++ {
		present = append(present, all.LeafletDues(year, w, now)...)
	}
	planned, err := tx.PlannedOf(scheduler.LeafletDue)
	if err != nil {
		return err
	}
	sent, err := tx.Got("")
	if err != nil {
		return err
	}
	return replan(tx, scheduler.LeafletDue, planned, present, sent, now)
}

// castLeaflet makes a broadcast of a leaflet whose day has come, once a year.
func (b *Bot) castLeaflet(tx Tx, j scheduler.Job, now time.Time, fx *effects) error {
	if j.Late(now) {
		b.log.Info("leaflet of the calendar left out: it is too late", "leaflet", j.Key)
		return nil
	}
	set := b.set.Load()
	all := set.Campaigns().Leaflets
	_, key, _ := strings.Cut(strings.TrimPrefix(j.Key, "leaflet/"), "/")
	at := slices.IndexFunc(all, func(l scheduler.Leaflet) bool { return l.Key == key || slices.Contains(l.Was, key) })
	sent, err := tx.Got("")
	if err != nil || at < 0 || slices.Contains(sent, j.Key) {
		return err
	}
	l, ok := set.Leaflet(all[at].ID)
	if !ok {
		return nil
	}
	spec := BroadcastSpec{Title: l.Title.VI, Kind: scheduler.Promotion.String(), Text: leafletGist(&l), Expires: j.Deadline,
		Segment: json.RawMessage(all[at].Segment.JSON())}
	c, err := spec.broadcast(now)
	if err != nil {
		return err
	}
	if c.ID, err = b.freshCastID(tx); err != nil {
		return err
	}
	c.Segment, c.By, c.Topic = all[at].Segment, "campaigns", leafletTopic+l.ID
	return errors.Join(tx.PutGot("", j.Key, now), tx.PutBroadcast(&c), planCast(tx, fx, &c))
}

// leafletGist is what is said of a leaflet before anybody opens it: its title
// and how its first page begins.
func leafletGist(l *content.Leaflet) dialogs.Text {
	in := func(lang dialogs.Lang) string {
		words := "**" + l.Title.In(lang) + "**"
		if len(l.Pages) > 0 {
			first, _, _ := strings.Cut(l.Pages[0].Text.In(lang), "\n")
			words += "\n" + first
		}
		return words
	}
	return dialogs.Text{VI: in(dialogs.Vietnamese), EN: in(dialogs.English)}
}

// leafletTopic begins the topic of a broadcast that a leaflet goes with.
const leafletTopic = "leaflet/"

// castOffers are the buttons of a broadcast: its answers, and the way to the
// leaflet that it is about.
func (b *Bot) castOffers(c *scheduler.Broadcast) (list []dialogs.Option) {
	for i := range c.Answers {
		list = append(list, dialogs.Option{Key: answerCommand(c, i), Label: c.Answers[i].Label})
	}
	if id, ok := strings.CutPrefix(c.Topic, leafletTopic); ok {
		list = append(list, dialogs.Option{Key: "/start leaflet_" + id, Label: b.turns.engine.Load().Library().Text("leaflet.read")})
	}
	return list
}
