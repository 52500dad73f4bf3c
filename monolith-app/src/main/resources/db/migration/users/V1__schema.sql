create schema users;
