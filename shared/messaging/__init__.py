"""Everything between a service and RabbitMQ: requests, events out and in, due work, topology, health, the runner.

A service is one class in `services/<name>/service.py`:

    class OneStopShop:
        name = "one_stop_shop"
        use_cases = Wiring()  # a `composition.Composition`: builds the use cases from database, outbox, due work

        @rpc  # from `extensions`: asked by the gateway, answered or refused with a `shared.errors.Error`
        def submit_application(self, request, principal):
            return self.use_cases.submit(request, principal)

        @handles(AgencyRegistered)  # from `handles`: once per event and in order, in one transaction with its effects
        def on_agency_registered(self, event):
            self.use_cases.copy_agency(event)

`python -m shared.messaging.run services.one_stop_shop.service` runs it, `python -m shared.messaging.topology`
declares all queues before. This package stays empty: the runner must patch sockets before anything is imported.
"""
