package store

import (
	"bytes"
	"encoding/binary"

	"sachhon/dialogs/score"
)

// assessments holds self-checks against their indexes.
func (c *checker) assessments() {
	linked, named := 0, 0
	c.each(bChecks, func(k, _ []byte) {
		a, ok, err := c.tx.Assessment(binary.BigEndian.Uint64(k))
		if err != nil || !ok || !bytes.Equal(k, number(a.ID)) {
			c.problem("assessments: %d cannot be read", binary.BigEndian.Uint64(k))
			return
		}
		if a.Contact == "" {
			if a.Enterprise != "" || a.TaxCode != "" {
				c.problem("assessments: %d has no contact and names an enterprise", a.ID)
			}
			return
		}
		named++
		if !c.has(bCheckOfWho, ofWho(a.Contact, a.ID)) || !c.has(bContacts, []byte(a.Contact)) {
			c.problem("assessments: %d is not with its contact", a.ID)
		}
		if v := c.tx.tx.Bucket(bCheckPeers).Get(peerKey(&a)); len(v) < 8 || binary.BigEndian.Uint64(v) < a.ID {
			c.problem("assessments: %d is missing in assessments_of_sector", a.ID)
		}
	})
	c.each(bCheckOfWho, func(k, _ []byte) {
		linked++
		if len(k) < 9 || !c.has(bChecks, k[len(k)-8:]) {
			c.problem("assessments_of_contact: a row has no assessment")
		}
	})
	if linked != named {
		c.problem("assessments and assessments_of_contact differ by %d rows", named-linked)
	}
	c.each(bCheckPeers, func(k, v []byte) {
		if len(v) < 8 {
			c.problem("assessments_of_sector: a row cannot be read")
			return
		}
		a, ok, err := c.tx.Assessment(binary.BigEndian.Uint64(v))
		if err != nil || !ok || a.Contact == "" || !bytes.Equal(peerKey(&a), k) || a.Band != score.Band(v[8:]) {
			c.problem("assessments_of_sector: a row does not fit its assessment")
		}
	})
}

// requests holds requests against their index.
func (c *checker) requests() {
	linked, named := 0, 0
	c.each(bRequests, func(k, _ []byte) {
		r, ok, err := c.tx.Request(binary.BigEndian.Uint64(k))
		if err != nil || !ok || !bytes.Equal(k, number(r.ID)) {
			c.problem("requests: %d cannot be read", binary.BigEndian.Uint64(k))
			return
		}
		if n := len(r.Steps); n == 0 || r.Steps[n-1].State != r.State {
			c.problem("requests: %d is %s, and its steps say otherwise", r.ID, r.State)
		}
		if r.Contact == "" {
			if r.Open() || r.Name != "" || r.Phone != "" || r.Enterprise != "" || r.TaxCode != "" {
				c.problem("requests: %d has no contact and is open or names somebody", r.ID)
			}
			return
		}
		named++
		if !c.has(bReqOfWho, ofWho(r.Contact, r.ID)) || !c.has(bContacts, []byte(r.Contact)) {
			c.problem("requests: %d is not with its contact", r.ID)
		}
	})
	c.each(bReqOfWho, func(k, _ []byte) {
		linked++
		if len(k) < 9 || !c.has(bRequests, k[len(k)-8:]) {
			c.problem("requests_of_contact: a row has no request")
		}
	})
	if linked != named {
		c.problem("requests and requests_of_contact differ by %d rows", named-linked)
	}
}
