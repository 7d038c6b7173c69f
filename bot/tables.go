package bot

import (
	"bytes"
	"context"
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

func (b *Bot) table(title string, columns []documents.Column) documents.Table {
	c := b.cfg.Centre
	return documents.Table{Agency: c.Name, Parent: c.Parent, Place: c.Place, Title: title, Columns: columns, Made: b.clock()}
}

// registrationsTable lists registrations, of one class or of all, in the order
// of classes and numbers. Phones and tax codes are text and unmasked.
func (b *Bot) registrationsTable(ctx context.Context, class string) (documents.Table, error) {
	t := b.table("DANH SÁCH ĐĂNG KÝ LỚP TẬP HUẤN", []documents.Column{
		{Key: "registration", Title: "Mã đăng ký", Kind: documents.Text, Width: 12},
		{Key: "class", Title: "Mã lớp", Kind: documents.Text, Width: 8},
		{Key: "class_title", Title: "Lớp", Kind: documents.Text, Width: 34},
		{Key: "starts", Title: "Khai giảng", Kind: documents.DateTime, Width: 17},
		{Key: "status", Title: "Tình trạng", Kind: documents.Text, Width: 11},
		{Key: "position", Title: "Thứ tự chờ", Kind: documents.Number, Width: 9},
		{Key: "name", Title: "Họ và tên", Kind: documents.Text, Width: 26},
		{Key: "job", Title: "Chức vụ", Kind: documents.Text, Width: 20},
		{Key: "role", Title: "Đối tượng", Kind: documents.Text, Width: 12},
		{Key: "enterprise", Title: "Đơn vị", Kind: documents.Text, Width: 34},
		{Key: "taxcode", Title: "Mã số thuế", Kind: documents.Text, Width: 15},
		{Key: "phone", Title: "Điện thoại", Kind: documents.Text, Width: 15},
		{Key: "registered", Title: "Đăng ký lúc", Kind: documents.DateTime, Width: 17},
	})
	err := boltStore{b.store}.View(ctx, func(tx Tx) error {
		var failed error
		err := tx.Classes(func(c programme.Class) bool {
			if class == "" || strings.EqualFold(c.ID, class) {
				failed = addRegistrations(tx, &t, &c)
			}
			return failed == nil
		})
		if err != nil {
			return err
		}
		return failed
	})
	return t, err
}

func addRegistrations(tx Tx, t *documents.Table, c *programme.Class) error {
	line, err := programme.Line(tx, c.ID)
	if err != nil {
		return err
	}
	waiting := make(map[string]int, len(line))
	for i := range line {
		waiting[line[i].ID] = i + 1
	}
	return tx.ClassRegistrations(c.ID, func(r programme.Registration) bool {
		var position any
		if n, ok := waiting[r.ID]; ok {
			position = n
		}
		t.Rows = append(t.Rows, []any{r.ID, c.ID, c.Title.VI, c.Starts(), string(r.Status), position, r.Name, r.Position,
			string(r.Role), r.Enterprise, r.TaxCode, r.Phone, r.Created})
		return true
	})
}

// contactsTable lists contacts with what is known of them and what they agreed to.
func (b *Bot) contactsTable(ctx context.Context) (documents.Table, error) {
	t := b.table("DANH SÁCH NGƯỜI LIÊN HỆ", []documents.Column{
		{Key: "contact", Title: "Mã", Kind: documents.Text, Width: 18},
		{Key: "name", Title: "Họ và tên", Kind: documents.Text, Width: 26},
		{Key: "enterprise", Title: "Đơn vị", Kind: documents.Text, Width: 34},
		{Key: "taxcode", Title: "Mã số thuế", Kind: documents.Text, Width: 15},
		{Key: "position", Title: "Chức vụ", Kind: documents.Text, Width: 20},
		{Key: "phone", Title: "Điện thoại", Kind: documents.Text, Width: 15},
		{Key: "language", Title: "Ngôn ngữ", Kind: documents.Text, Width: 9},
		{Key: "channels", Title: "Kênh", Kind: documents.Text, Width: 14},
		{Key: "consents", Title: "Đồng ý cho", Kind: documents.Text, Width: 16},
		{Key: "opted_out", Title: "Thôi nhận tin lúc", Kind: documents.DateTime, Width: 17},
		{Key: "source", Title: "Nguồn", Kind: documents.Text, Width: 10},
		{Key: "created", Title: "Từ ngày", Kind: documents.DateTime, Width: 17},
	})
	err := boltStore{b.store}.View(ctx, func(tx Tx) error {
		return tx.Contacts(func(c dialogs.Contact) bool {
			t.Rows = append(t.Rows, []any{c.ID, c.Fact("name").Text, c.Fact("enterprise").Text, c.Fact("taxcode").Text,
				c.Fact("position").Text, c.Fact("phone").Text, string(c.Speaks()), channelsOf(&c), agreedTo(&c),
				timeOrNil(c.OptedOut), c.Source, c.Created})
			return true
		})
	})
	return t, err
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

func timeOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
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
