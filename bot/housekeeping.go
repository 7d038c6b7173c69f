package bot

import (
	"context"
	"errors"
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
	tidy := func(ctx context.Context) (string, error) { return "", b.tidy(ctx) }
	return errors.Join(b.calendar.Add(runHousekeeping, housekeepingAt, 0, tidy),
		b.calendar.Add(runCampaigns, campaignsAt, 0, b.replanAll))
}

// calendarPart runs the schedules of the house.
func (b *Bot) calendarPart() part {
	var bg *background
	return part{"calendar", func(context.Context) error {
		bg = run(b.calendar.Run)
		return nil
	}, func(ctx context.Context) error { return bg.stop(ctx) }}
}

// tidy drops what is kept no longer than it is needed: the ids of updates, the
// lines of conversations as old as a talk may get, the ledger of what was sent,
// the recipients of old broadcasts, what due jobs that were fired left behind.
func (b *Bot) tidy(ctx context.Context) error {
	now := b.clock()
	for _, prune := range []func(tx *store.Tx, from string) (string, error){
		func(tx *store.Tx, from string) (string, error) { return tx.PruneSeen(now, from, tidyPage) },
		func(tx *store.Tx, from string) (string, error) {
			return tx.PruneTranscript(now.Add(-dialogs.SessionLife), from, tidyPage)
		},
		func(tx *store.Tx, from string) (string, error) {
			return tx.PruneOutbox(now.Add(-ledgerLife), from, tidyPage)
		},
		func(tx *store.Tx, from string) (string, error) { return tx.PruneAnswers(now, from, tidyPage) },
		func(tx *store.Tx, from string) (string, error) { return tx.PruneRecipients(now, from, tidyPage) },
		func(tx *store.Tx, from string) (string, error) { return tx.PruneDue(from, tidyPage) },
	} {
		if err := b.tidyPages(ctx, prune); err != nil {
			return err
		}
	}
	return nil
}

// ledgerLife is how long it is kept that a message was sent.
const ledgerLife = 48 * time.Hour

// tidyPages walks a bucket page by page, each in a transaction of its own.
func (b *Bot) tidyPages(ctx context.Context, prune func(tx *store.Tx, from string) (string, error)) error {
	for from, first := "", true; first || from != ""; first = false {
		err := b.store.Update(ctx, func(tx *store.Tx) (err error) {
			from, err = prune(tx, from)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
