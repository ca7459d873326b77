"""Looks at who we are on another PostgreSQL server, before anything is asked."""

from odoo.exceptions import UserError

#: Rights of PostgreSQL's own roles by which more than reading can be done.
_DANGEROUS = [
    "pg_checkpoint",
    "pg_create_subscription",
    "pg_execute_server_program",
    "pg_maintain",
    "pg_read_server_files",
    "pg_signal_autovacuum_worker",
    "pg_signal_backend",
    "pg_write_all_data",
    "pg_write_server_files",
]
#: The same for every way to reach one database: sockets, other names, poolers.
_IDENTITY = """
    SELECT pg_catalog.current_database()::text,
           EXTRACT(epoch FROM pg_catalog.pg_postmaster_start_time())::text
"""
_SESSION = """
    SELECT pg_catalog.current_setting('transaction_read_only'),
           pg_catalog.current_setting('standard_conforming_strings')
"""
_ROLES = """
    SELECT session_user::text, r.rolname::text, r.rolsuper
      FROM pg_catalog.pg_roles r
     WHERE (pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER')
            OR pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER'))
       AND (r.rolsuper OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls
            OR r.rolname = ANY(%s))
     ORDER BY r.rolname = session_user DESC, r.rolsuper DESC, r.rolname
     LIMIT 1
"""


class PostgresGuard:
    """Checks a session before its question.

    These queries take the snapshot of the transaction, too: from then on, PostgreSQL
    lets nobody make it one that writes.
    """

    def __init__(self, env, cr):
        """
        :param cr: a cursor of the other database
        """
        self.env = env
        self.cr = cr

    def check(self):
        """Refuse our own database, sessions that may write, and roles that may more.

        :raise UserError: what must be changed there
        """
        self.cr.execute(_IDENTITY)
        identity = self.cr.fetchone()
        self.env.cr.execute(_IDENTITY)
        if self.env.cr.fetchone() == identity:
            raise UserError(
                self.env._(
                    "This is the database of this Odoo itself. Its facts are counted "
                    "by sources of the kind “Customer Success itself” or “Odoo”."
                )
            )
        self.cr.execute(_SESSION)
        if self.cr.fetchone() != ("on", "on"):
            raise UserError(
                self.env._(
                    "The other server does not keep to reading only. A pooler between "
                    "may drop our settings: connect to the database directly."
                )
            )
        self._check_role()

    def _check_role(self):
        self.cr.execute(_ROLES, (_DANGEROUS,))
        for user, role, is_superuser in self.cr.fetchall():
            if user != role:
                reason = self.env._("it is a member of “%(role)s”", role=role)
            elif is_superuser:
                reason = self.env._("it is a superuser")
            else:
                reason = self.env._(
                    "it may make roles, replicate, or see rows hidden from others"
                )
            raise UserError(
                self.env._(
                    "The role “%(user)s” may do more than read: %(reason)s. Make one "
                    "for this alone:\n"
                    "CREATE ROLE cs_reader LOGIN PASSWORD '…';\n"
                    "GRANT USAGE ON SCHEMA public TO cs_reader;\n"
                    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO cs_reader;",
                    user=user,
                    reason=reason,
                )
            )
