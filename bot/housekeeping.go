package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// housekeepingAt is when the store is tidied: when hardly anybody talks.
const housekeepingAt = "30 3 * * *"

// campaignsAt is when everything planned is brought in line with the content.
const campaignsAt = "50 3 * * *"

// tidyPage is how many rows one transaction of the housekeeping looks at, so
// that people who talk wait for milliseconds at the most.
const tidyPage = 2000

// The schedules of the house.
const (
	runHousekeeping = "housekeeping"
	runCampaigns    = "campaigns"
)

func scheduleNames() []string { return []string{runHousekeeping, runCampaigns} }

// makeCalendar lists the schedules of the house; they are run by calendarPart,
// or one by one by hand.
func (b *Bot) makeCalendar() error {
	b.calendar = scheduler.NewCalendar(b.cfg.Timezone, b.log, b.store)
	return errors.Join(b.calendar.Add(runHousekeeping, housekeepingAt, 0, b.tidy),
		b.calendar.Add(runCampaigns, campaignsAt, 0, b.replan))
}

// calendarPart runs the schedules of the house.
func (b *Bot) calendarPart() part {
	var bg *background
	return part{"calendar", func(context.Context) error {
		bg = run(b.calendar.Run)
		return nil
	}, func(ctx context.Context) error { return bg.stop(ctx) }}
}

// tidy drops what is kept no longer than it is needed and says how much that was.
func (b *Bot) tidy(ctx context.Context) (did string, err error) {
	now := b.clock()
	var all []string
	for _, what := range []struct {
		name  string
		prune func(tx *store.Tx, from string) (next string, err error)
	}{
		{"ids of updates", func(tx *store.Tx, from string) (string, error) { return tx.PruneSeen(now, from, tidyPage) }},
		{"lines of conversations", func(tx *store.Tx, from string) (string, error) {
			return tx.PruneTranscript(now.Add(-dialogs.SessionLife), from, tidyPage)
		}},
		{"messages sent or given up", func(tx *store.Tx, from string) (string, error) {
			return tx.PruneOutbox(now.Add(-ledgerLife), now.Add(-deadLetterLife), from, tidyPage)
		}},
		{"answers to programs", func(tx *store.Tx, from string) (string, error) { return tx.PruneAnswers(now, from, tidyPage) }},
		{"recipients of broadcasts", func(tx *store.Tx, from string) (string, error) { return tx.PruneRecipients(now, from, tidyPage) }},
		{"reasons", func(tx *store.Tx, from string) (string, error) {
			return tx.PruneFates(now.Add(-scheduler.FateLife), from, tidyPage)
		}},
		{"fired jobs", func(tx *store.Tx, from string) (string, error) { return tx.PruneDue(from, tidyPage) }},
	} {
		n, err := b.tidyPages(ctx, what.prune)
		if err != nil {
			return "", fmt.Errorf("drop old %s: %w", what.name, err)
		}
		if n > 0 {
			all = append(all, fmt.Sprintf("%d %s", n, what.name))
		}
	}
	if len(all) == 0 {
		return "nothing was old enough to drop", nil
	}
	return "dropped " + strings.Join(all, ", "), nil
}

// ledgerLife is how long it is kept that a message was sent.
const ledgerLife = 48 * time.Hour

// deadLetterLife is how long a message that was given up is kept to be tried
// again, with its words: after a month it would only surprise its reader.
const deadLetterLife = 30 * 24 * time.Hour

// tidyPages walks a bucket page by page, each in a transaction of its own, and
// returns how many rows were dropped.
func (b *Bot) tidyPages(ctx context.Context, prune func(tx *store.Tx, from string) (string, error)) (dropped int, err error) {
	for from, first := "", true; first || from != ""; first = false {
		err := b.store.Update(ctx, func(tx *store.Tx) (err error) {
			from, err = prune(tx, from)
			dropped += tx.Dropped()
			return err
		})
		if err != nil {
			return dropped, err
		}
	}
	return dropped, nil
}
