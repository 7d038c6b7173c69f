package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"sachhon/bot/programme"
	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// SegmentView is a saved segment and whom it means now.
type SegmentView struct {
	Segment scheduler.Segment
	// People are those it means, Contacts everybody.
	People, Contacts int
	// Channels and Languages count those who can be written to, OutOfReach the
	// others by reason.
	Channels   map[string]int
	Languages  map[dialogs.Lang]int
	OutOfReach map[scheduler.Reason]int
}

// maxSegmentName is the longest name of a segment, in characters.
const maxSegmentName = 100

// SaveSegment keeps a segment under a name, in place of what it named before.
func (b *Bot) SaveSegment(ctx context.Context, name string, s *scheduler.Segment) error {
	if strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > maxSegmentName {
		return badRequest{fmt.Errorf("a segment needs a name of at most %d characters", maxSegmentName)}
	}
	return b.committer.Do(ctx, func(tx Tx, _ *effects) error { return tx.PutSegment(name, s) })
}

// DeleteSegment forgets a name. Broadcasts made with it keep its conditions.
func (b *Bot) DeleteSegment(ctx context.Context, name string) error {
	return b.committer.Do(ctx, func(tx Tx, _ *effects) error {
		if _, err := savedSegment(tx, name); err != nil {
			return err
		}
		return tx.PutSegment(name, nil)
	})
}

// Segments returns the saved segments by their names.
func (b *Bot) Segments(ctx context.Context) (all map[string]scheduler.Segment, err error) {
	all = map[string]scheduler.Segment{}
	err = b.store.View(ctx, func(tx *store.Tx) error {
		return tx.Segments(func(name string, s scheduler.Segment) { all[name] = s })
	})
	return all, err
}

// Segment says whom a saved segment means, as a service message without a
// purpose of its own would find them.
func (b *Bot) Segment(ctx context.Context, name string) (v SegmentView, err error) {
	c := scheduler.Broadcast{Kind: scheduler.Service}
	out, err := b.whoWouldGet(ctx, &c, func(tx Tx) (err error) {
		c.Segment, err = savedSegment(tx, name)
		return err
	})
	return SegmentView{Segment: c.Segment, People: out.Total, Contacts: out.Total + out.Outside, Channels: out.Channels, Languages: out.Langs,
		OutOfReach: out.Skipped}, err
}

// readSegment reads a segment that somebody wrote. A value that nobody can have,
// such as a misspelt sector, is refused: the message would silently reach nobody.
func (b *Bot) readSegment(raw []byte) (scheduler.Segment, error) {
	s, err := scheduler.ParseSegment(raw)
	for _, part := range []*scheduler.Segment{&s, s.Not} {
		if part == nil || err != nil {
			continue
		}
		err = b.possible(part)
	}
	return s, err
}

// possible says which of a segment's values nobody can have. Those of places,
// classes and topics are not looked at: they come and go with the content.
func (b *Bot) possible(s *scheduler.Segment) error {
	sectors := []string{"other"}
	for _, subject := range b.set.Load().Subjects().Sectors {
		sectors = append(sectors, subject.Key)
	}
	langs := make([]string, len(s.Langs))
	for i, lang := range s.Langs {
		langs[i] = string(lang)
	}
	for _, of := range []struct {
		condition    string
		given, known []string
	}{
		{"sector", s.Sectors, sectors},
		{"role", s.Roles, []string{string(programme.RoleManager), string(programme.RoleTechnical), string(programme.RolePublic), string(programme.RoleOther)}},
		{"language", langs, []string{string(dialogs.Vietnamese), string(dialogs.English)}},
		{"channel", s.Channels, []string{"telegram", "web", "terminal", "zalo-oa", "zalo-bot"}},
	} {
		for _, value := range of.given {
			if !slices.Contains(of.known, value) {
				all := strings.Join(of.known, ", ")
				return &scheduler.SegmentError{Field: of.condition, Words: dialogs.Text{VI: fmt.Sprintf("không có %q; dùng %s", value, all),
					EN: fmt.Sprintf("%q has no %q; use %s", of.condition, value, all)}}
			}
		}
	}
	return nil
}

// noSegment means that no segment is saved under the name.
type noSegment struct{ name string }

// Error says which, and where the others are.
func (e noSegment) Error() string {
	return fmt.Sprintf("there is no segment %q; `sachhon segment list` shows those there are", e.name)
}

// savedSegment returns the segment saved under a name.
func savedSegment(tx Tx, name string) (scheduler.Segment, error) {
	saved, ok, err := tx.Segment(name)
	if err == nil && !ok {
		err = badRequest{noSegment{name}}
	}
	return saved, err
}

// controlSegments registers what the shell can do with saved segments.
func (b *Bot) controlSegments(mux *http.ServeMux) {
	handle(mux, "GET /segments", func(r *http.Request) (any, error) { return b.Segments(r.Context()) })
	handle(mux, "GET /segments/{name}", func(r *http.Request) (any, error) { return b.Segment(r.Context(), r.PathValue("name")) })
	handle(mux, "POST /segments/{name}", func(r *http.Request) (any, error) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, badRequest{errors.New("the segment is too large")}
		}
		s, err := b.readSegment(raw)
		if err != nil {
			return nil, badRequest{err}
		}
		return struct{}{}, b.SaveSegment(r.Context(), r.PathValue("name"), &s)
	})
	handle(mux, "POST /segments/{name}/delete", func(r *http.Request) (any, error) {
		return struct{}{}, b.DeleteSegment(r.Context(), r.PathValue("name"))
	})
}
