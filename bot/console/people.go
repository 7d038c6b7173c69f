package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sachhon/bot/desk"
	"sachhon/bot/programme"
)

// People are those who talk with the centre, and their places in classes.
// Errors are [ErrMissing] and [ErrCursor].
type People interface {
	// ClassRegistrations reads the registrations of a class in order of arrival.
	ClassRegistrations(ctx context.Context, class string, f RegistrationFilter, p Page) ([]Registration, string, error)
	// Registrations reads all registrations by their codes.
	Registrations(ctx context.Context, f RegistrationFilter, p Page) ([]Registration, string, error)
	Registration(ctx context.Context, id string) (Registration, error)
	// Contacts reads the contacts by their ids.
	Contacts(ctx context.Context, p Page) ([]Contact, string, error)
	Contact(ctx context.Context, id string) (Contact, error)
	// ExportContact returns everything that is kept of a contact, as JSON.
	ExportContact(ctx context.Context, id string) ([]byte, error)
	// DeleteContact cancels what is to come and deletes everything.
	DeleteContact(ctx context.Context, id string) error
}

// RegistrationFilter is which registrations are meant; empty: all.
type RegistrationFilter struct {
	Status  programme.RegistrationStatus
	Contact string
}

// Registration is one person's place in a class. Phone and tax code are text,
// and unmasked: whoever reads them organizes the class.
type Registration struct {
	ID         string    `json:"id"`
	Class      string    `json:"class"`
	Number     int       `json:"number"`
	Status     string    `json:"status" enum:"seat,waiting,offered,cancelled,attended,absent"`
	Position   int       `json:"position,omitempty" doc:"In the waiting list, from 1."`
	HoldUntil  time.Time `json:"hold_until,omitzero" doc:"Until when an offered seat is held."`
	Name       string    `json:"name"`
	Job        string    `json:"job,omitempty"`
	Role       string    `json:"role,omitempty"`
	Enterprise string    `json:"enterprise,omitempty"`
	TaxCode    string    `json:"taxcode,omitempty"`
	Phone      string    `json:"phone,omitempty"`
	Email      string    `json:"email,omitempty"`
	Sector     string    `json:"sector,omitempty"`
	Ward       string    `json:"ward,omitempty"`
	Contact    string    `json:"contact,omitempty" doc:"Who registered and is written to."`
	Colleague  bool      `json:"colleague,omitempty" doc:"The contact registered somebody else."`
	Registered time.Time `json:"registered"`
	Changed    time.Time `json:"changed"`
}

// RegistrationOf shows a registration; position is its place in the waiting
// list, 0 where it has none. Times are in zone.
func RegistrationOf(r *programme.Registration, position int, zone *time.Location) Registration {
	out := Registration{ID: r.ID, Class: r.Class, Number: r.Number, Status: string(r.Status), Position: position, Name: r.Name, Job: r.Position,
		Role: string(r.Role), Enterprise: r.Enterprise, TaxCode: r.TaxCode, Phone: r.Phone, Email: r.Email, Sector: r.Sector, Ward: r.Ward,
		Contact: r.Contact, Colleague: r.Colleague, Registered: r.Created.In(zone), Changed: r.Changed.In(zone)}
	if !r.HoldUntil.IsZero() {
		out.HoldUntil = r.HoldUntil.In(zone)
	}
	return out
}

// Contact is a person, or a number of people behind one address, as they are
// known by what they told.
type Contact struct {
	ID         string    `json:"id"`
	Name       string    `json:"name,omitempty"`
	Enterprise string    `json:"enterprise,omitempty"`
	TaxCode    string    `json:"taxcode,omitempty"`
	Job        string    `json:"job,omitempty"`
	Phone      string    `json:"phone,omitempty"`
	Language   string    `json:"language" enum:"vi,en"`
	Channels   []string  `json:"channels" nullable:"false"`
	Consents   []string  `json:"consents" nullable:"false" doc:"What they agreed to."`
	OptedOut   time.Time `json:"opted_out,omitzero" doc:"From when on they want no promotion."`
	Source     string    `json:"source,omitempty"`
	Created    time.Time `json:"created"`
}

type registrationsGet struct {
	Paging
	Class   string `query:"class" maxLength:"40" doc:"Only those of a class, in order of arrival."`
	Status  string `query:"status" enum:"seat,waiting,offered,cancelled,attended,absent"`
	Contact string `query:"contact" maxLength:"40"`
}

type classRegistrationsGet struct {
	ClassID
	Paging
}

// RegistrationID is a registration named in a path.
type RegistrationID struct {
	ID string `path:"id" maxLength:"40" doc:"The registration's code, such as 7F3K-001."`
}

// ContactID is a contact named in a path.
type ContactID struct {
	ID string `path:"id" maxLength:"80" doc:"The contact's id."`
}

// copied is the copy of what is kept of a contact.
type copied struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte `contentType:"application/json"`
}

func (a *API) peopleRoutes() {
	add(a, route{method: http.MethodGet, path: "/registrations", action: "registration.list", summary: "List registrations", role: desk.Viewer}, a.registrations)
	add(a, route{method: http.MethodGet, path: "/registrations/{id}", action: "registration.show", summary: "Show a registration", role: desk.Viewer},
		func(ctx context.Context, in *RegistrationID) (*answered[Registration], error) {
			return answer(a.centre.Registration(ctx, strings.ToUpper(in.ID)))
		})
	add(a, route{method: http.MethodGet, path: "/contacts", action: "contact.list", summary: "List contacts", role: desk.Viewer},
		func(ctx context.Context, in *Paging) (*listed[Contact], error) {
			p, err := in.page()
			if err != nil {
				return nil, err
			}
			items, next, err := a.centre.Contacts(ctx, p)
			return answerList(items, next, "/contacts", nil, p.Limit), err
		})
	add(a, route{method: http.MethodGet, path: "/contacts/{id}", action: "contact.show", summary: "Show a contact", role: desk.Viewer},
		func(ctx context.Context, in *ContactID) (*answered[Contact], error) {
			return answer(a.centre.Contact(ctx, in.ID))
		})
	add(a, route{method: http.MethodGet, path: "/contacts/{id}/export", action: "contact.export", summary: "Hand out everything that is kept of a contact", role: desk.Officer},
		func(ctx context.Context, in *ContactID) (*copied, error) {
			raw, err := a.centre.ExportContact(ctx, in.ID)
			return &copied{"application/json", `attachment; filename="contact.json"`, raw}, err
		})
	add(a, route{method: http.MethodDelete, path: "/contacts/{id}", action: "contact.delete", summary: "Cancel what is to come for a contact and delete everything that is kept of them", role: desk.Admin, status: noContent},
		func(ctx context.Context, in *ContactID) (*empty, error) {
			return &empty{}, a.centre.DeleteContact(ctx, in.ID)
		})
}

func (a *API) registrations(ctx context.Context, in *registrationsGet) (*listed[Registration], error) {
	p, err := in.page()
	if err != nil {
		return nil, err
	}
	f := RegistrationFilter{Status: programme.RegistrationStatus(in.Status), Contact: in.Contact}
	var items []Registration
	var next string
	if in.Class != "" {
		items, next, err = a.centre.ClassRegistrations(ctx, in.Class, f, p)
	} else {
		items, next, err = a.centre.Registrations(ctx, f, p)
	}
	query := url.Values{"class": {in.Class}, "status": {in.Status}, "contact": {in.Contact}}
	return answerList(items, next, "/registrations", query, p.Limit), err
}

func (a *API) classRegistrations(ctx context.Context, in *classRegistrationsGet) (*listed[Registration], error) {
	p, err := in.page()
	if err != nil {
		return nil, err
	}
	items, next, err := a.centre.ClassRegistrations(ctx, in.ID, RegistrationFilter{}, p)
	return answerList(items, next, "/classes/"+url.PathEscape(in.ID)+"/registrations", nil, p.Limit), err
}
