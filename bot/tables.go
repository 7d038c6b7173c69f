package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"sachhon/bot/documents"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// controlExport writes a table: xlsx for people, csv and json for programs.
func (b *Bot) controlExport(w http.ResponseWriter, r *http.Request) {
	var table documents.Table
	var err error
	switch r.PathValue("what") {
	case "registrations":
		table, err = b.registrationsTable(r.Context(), r.FormValue("class"))
	case "contacts":
		table, err = b.contactsTable(r.Context())
	case "assessments":
		table, err = b.assessmentsTable(r.Context())
	case "requests":
		table, err = b.requestsTable(r.Context())
	default:
		http.NotFound(w, r)
		return
	}
	var out bytes.Buffer
	if err == nil {
		switch r.FormValue("format") {
		case "csv":
			err = table.WriteCSV(&out)
		case "json":
			err = table.WriteJSON(&out)
		default:
			err = table.WriteXLSX(&out)
		}
	}
	if err != nil {
		writeError(w, err)
		return
	}
	w.Write(out.Bytes()) //nolint:errcheck // the other side is gone
}

// registered is a registration as the table shows it.
type registered struct {
	programme.Registration
	class    *programme.Class
	position int // in the waiting list; 0: not in it
}

// registrationsTable lists registrations, of one class or of all, in the order
// of classes and numbers. Phones and tax codes are text and unmasked.
func (b *Bot) registrationsTable(ctx context.Context, class string) (documents.Table, error) {
	return tableOf(ctx, b, "DANH SÁCH ĐĂNG KÝ LỚP TẬP HUẤN", []column[registered]{
		textColumn("registration", "Mã đăng ký", 12, func(r *registered) string { return r.ID }),
		textColumn("class", "Mã lớp", 8, func(r *registered) string { return r.class.ID }),
		textColumn("class_title", "Lớp", 34, func(r *registered) string { return r.class.Title.VI }),
		timeColumn("starts", "Khai giảng", func(r *registered) time.Time { return r.class.Starts() }),
		textColumn("status", "Tình trạng", 11, func(r *registered) string { return string(r.Status) }),
		numberColumn("position", "Thứ tự chờ", 9, func(r *registered) int { return r.position }),
		nameColumn(func(r *registered) string { return r.Name }),
		jobColumn("job", func(r *registered) string { return r.Position }),
		textColumn("role", "Đối tượng", 12, func(r *registered) string { return string(r.Role) }),
		enterpriseColumn(func(r *registered) string { return r.Enterprise }),
		taxCodeColumn(func(r *registered) string { return r.TaxCode }),
		phoneColumn(func(r *registered) string { return r.Phone }),
		timeColumn("registered", "Đăng ký lúc", func(r *registered) time.Time { return r.Created }),
	}, func(tx Tx, add func(registered) bool) error {
		var failed error
		found := class == ""
		err := tx.Classes(func(c programme.Class) bool {
			if class == "" || strings.EqualFold(c.ID, class) {
				found = true
				failed = addRegistrations(tx, &c, add)
			}
			return failed == nil
		})
		if !found && err == nil {
			return badRequest{fmt.Errorf("there is no class %q; see `sachhon class list`", class)}
		}
		return errors.Join(err, failed)
	})
}

func addRegistrations(tx Tx, c *programme.Class, add func(registered) bool) error {
	line, err := programme.Line(tx, c.ID)
	if err != nil {
		return err
	}
	waiting := make(map[string]int, len(line))
	for i := range line {
		waiting[line[i].ID] = i + 1
	}
	return tx.ClassRegistrations(c.ID, func(r programme.Registration) bool { return add(registered{r, c, waiting[r.ID]}) })
}

// contactsTable lists contacts with what is known of them and what they agreed to.
func (b *Bot) contactsTable(ctx context.Context) (documents.Table, error) {
	type contact = dialogs.Contact
	fact := func(key string) func(c *contact) string { return func(c *contact) string { return c.Fact(key).Text } }
	return tableOf(ctx, b, "DANH SÁCH NGƯỜI LIÊN HỆ", []column[contact]{
		textColumn("contact", "Mã", 18, func(c *contact) string { return c.ID }),
		nameColumn(fact("name")),
		enterpriseColumn(fact("enterprise")),
		taxCodeColumn(fact("taxcode")),
		jobColumn("position", fact("position")),
		phoneColumn(fact("phone")),
		textColumn("language", "Ngôn ngữ", 9, func(c *contact) string { return string(c.Speaks()) }),
		textColumn("channels", "Kênh", 14, channelsOf),
		textColumn("consents", "Đồng ý cho", 16, agreedTo),
		timeColumn("opted_out", "Thôi nhận tin lúc", func(c *contact) time.Time { return c.OptedOut }),
		textColumn("source", "Nguồn", 10, func(c *contact) string { return c.Source }),
		timeColumn("created", "Từ ngày", func(c *contact) time.Time { return c.Created }),
	}, func(tx Tx, add func(contact) bool) error { return tx.Contacts(add) })
}

func channelsOf(c *dialogs.Contact) string {
	var names []string
	for _, a := range c.Addresses {
		name, _, _ := strings.Cut(a, ":")
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func agreedTo(c *dialogs.Contact) string {
	var purposes []string
	seen := map[string]bool{}
	for _, k := range c.Consents {
		if !seen[k.Purpose] && c.Agreed(k.Purpose, 0) {
			purposes = append(purposes, k.Purpose)
		}
		seen[k.Purpose] = true
	}
	return strings.Join(purposes, ", ")
}

// StoreReport is what a check of the store found.
type StoreReport struct {
	Rows     int
	Problems []string
}

// controlCheckStore checks that every index has its row and the other way round.
func (b *Bot) controlCheckStore(r *http.Request) (any, error) {
	rows, problems, err := b.store.Check(r.Context())
	return StoreReport{Rows: rows, Problems: problems}, err
}
