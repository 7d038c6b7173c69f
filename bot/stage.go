package bot

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/config"
	"sachhon/bot/programme"
	"sachhon/dialogs"
	"sachhon/dialogs/dialogstest"
)

// Stage is the whole bot on a clock of its own, over a real store in a folder:
// what transcripts are played on. It is used by one goroutine.
type Stage struct {
	bot    *Bot
	now    time.Time
	lang   dialogs.Lang
	heard  map[string]uint64 // the last entry told, by person
	traced func(flow, node, way string)
}

var _ dialogstest.Driver = (*Stage)(nil)

// NewStage returns the bot with this content over an empty store in folder.
// Traced, if given, is told every way that the engine takes out of a node.
func NewStage(folder string, files fs.FS, traced func(flow, node, way string)) (*Stage, error) {
	cfg, err := config.Load(map[string]string{"data": folder, "centre-phone": "0274 3822 555"},
		func(string) (string, bool) { return "", false }, os.ReadFile)
	if err != nil {
		return nil, err
	}
	s := &Stage{heard: map[string]uint64{}, traced: traced, now: time.Date(2026, 11, 24, 9, 0, 0, 0, cfg.Timezone)}
	s.bot = New(Options{Config: cfg, Log: slog.New(slog.DiscardHandler), Content: files, Now: func() time.Time { return s.now }})
	if err := s.bot.OpenHere(context.Background()); err != nil {
		return nil, err
	}
	if traced != nil {
		s.bot.turns.engine.Store(s.bot.turns.engine.Load().Traced(traced))
	}
	return s, nil
}

// Close lets go of the store.
func (s *Stage) Close() error { return s.bot.Stop() }

// Problems checks the store.
func (s *Stage) Problems() ([]string, error) {
	_, problems, err := s.bot.store.Check(context.Background())
	return problems, err
}

// Begin sets the clock and the language of newcomers. The time is what the
// transcript wrote, in the zone of the settings.
func (s *Stage) Begin(now time.Time, lang dialogs.Lang) error {
	if !now.IsZero() {
		s.now = inZone(now, s.bot.cfg.Timezone)
	}
	s.lang = lang
	return nil
}

// inZone reads the clock face of t in another zone.
func inZone(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone)
}

// Advance lets time pass and fires what falls due, each at its own time.
func (s *Stage) Advance(d time.Duration) error {
	end := s.now.Add(d)
	for {
		next, err := s.bot.fire(context.Background(), s.now)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(end) {
			s.now = end
			return nil
		}
		if next.After(s.now) {
			s.now = next
		}
	}
}

// AddClass opens a class with this very id.
func (s *Stage) AddClass(c dialogstest.Class) error {
	return s.bot.committer.Do(context.Background(), func(tx Tx, _ *effects) error {
		return tx.PutClass(programme.Class{
			ID: c.ID, Title: dialogs.Text{VI: c.Title, EN: c.TitleEN}, Content: dialogs.Text{VI: c.Content}, Venue: c.Venue,
			Sessions: []programme.Session{{Starts: inZone(c.Starts, s.bot.cfg.Timezone), Ends: inZone(c.Ends, s.bot.cfg.Timezone)}},
			Seats:    c.Seats, PerEnterprise: c.PerEnterprise, State: programme.StateOpen, Created: s.now, Changed: s.now,
		})
	})
}

// Say plays one input of a person, named channel:name.
func (s *Stage) Say(person string, in dialogs.Input) error {
	at, err := channel.ParseAddress(person)
	if err != nil {
		return err
	}
	return s.bot.committer.Receive(context.Background(), channel.Incoming{Address: at, Input: in, Lang: s.lang})
}

// Heard returns what was told to a person since it was asked last, in order.
func (s *Stage) Heard(person string) ([]dialogs.Message, error) {
	at, err := channel.ParseAddress(person)
	if err != nil {
		return nil, err
	}
	entries, err := s.bot.transcript(context.Background(), at, s.heard[person], 1000)
	if err != nil {
		return nil, err
	}
	var out []dialogs.Message
	for _, e := range entries {
		s.heard[person] = e.Seq
		if e.From != channel.FromPerson {
			out = append(out, e.Message)
		}
	}
	return out, nil
}
