"""Plain arithmetic of a team: how many people a portfolio asks for."""
